/** What happens in the background, invoked asynchronously. */
import { contextFromEnv } from '../app/context.ts';
import type { Task } from '../app/task.ts';
import { perform } from '../tasks/perform.ts';

const context = contextFromEnv(process.env);

export const handler = (task: Task) => perform(context, task);
