/** One conversation of a caller with an assistant, for as long as this function may live. */
import type { Context as LambdaContext } from 'aws-lambda';
import type { SessionTask } from '../app/task.ts';
import { ENV } from '../platform/names.ts';
import { runSession } from '../session/run.ts';
import { sessionContextFromEnv } from '../session/session-context.ts';

/** A function cannot be told its own name by the stack, but Lambda tells it: it calls its successor. */
const self = { [ENV.sessionFunction]: process.env.AWS_LAMBDA_FUNCTION_NAME };
const context = sessionContextFromEnv({ ...process.env, ...self });

export const handler = (task: SessionTask, lambda: LambdaContext) =>
  runSession(context, task, () => lambda.getRemainingTimeInMillis());
