/** What each function is given: time, memory, and how often an asynchronous run is repeated. */
import { Duration } from 'aws-cdk-lib';
import type { HandlerFunctionProps } from './handler-function.ts';
import type { FunctionName } from './settings.ts';

export type Shape = Pick<
  HandlerFunctionProps,
  'description' | 'timeout' | 'memorySize' | 'retryAttempts' | 'maxEventAge'
>;

export const SHAPES: Record<FunctionName, Shape> = {
  webhooks: {
    description: 'Answers the webhooks of Vobiz',
    timeout: Duration.seconds(10),
    memorySize: 1024,
  },
  control: {
    description: 'Serves the App API',
    timeout: Duration.seconds(10),
    memorySize: 512,
  },
  authorizer: {
    description: 'Checks the bearer key of the App API',
    timeout: Duration.seconds(5),
    memorySize: 256,
  },
  stream: {
    description: 'Takes every event of the media streams',
    timeout: Duration.seconds(5),
    // Fifty times a second for each call: the smallest that answers within milliseconds.
    memorySize: 256,
  },
  session: {
    description: 'Holds a conversation: listens, thinks, speaks',
    timeout: Duration.minutes(15),
    memorySize: 512,
    // The pulse of the stream starts a successor sooner than any repetition would come.
    retryAttempts: 0,
    maxEventAge: Duration.minutes(1),
  },
  sweeper: {
    description: 'Every minute: ends what leaked, emits the gauges',
    timeout: Duration.seconds(60),
    memorySize: 512,
    // The next minute's run does the work of a failed one.
    retryAttempts: 0,
    maxEventAge: Duration.minutes(1),
  },
  tasks: {
    description: 'Asynchronous work: what flows leave to be done, notifications, dispatch after wrap-up',
    // Long enough to wait for the end of a wrap-up; cheap while it waits.
    timeout: Duration.minutes(15),
    memorySize: 256,
    retryAttempts: 2,
    maxEventAge: Duration.hours(1),
  },
};
