/** What happens in the background, invoked asynchronously. */
import { contextFromEnv } from '../app/context.ts';
import type { Task } from '../app/task.ts';
import { ENV } from '../platform/names.ts';
import { perform } from '../tasks/perform.ts';

/** A function cannot be told its own name by the stack, but Lambda tells it: a task may start another one. */
const self = { [ENV.tasksFunction]: process.env.AWS_LAMBDA_FUNCTION_NAME };
const context = contextFromEnv({ ...process.env, ...self });

export const handler = (task: Task) => perform(context, task);
