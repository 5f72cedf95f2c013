/**
 * Runs inside the worker thread of one function instance, in the place of Lambda's Node runtime: loads the bundle
 * once, then handles one invocation after another. The host compiles this file and starts it as CommonJS.
 */
import { parentPort, workerData } from 'node:worker_threads';

export interface Boot {
  url: string;
  export: string;
  name: string;
  arn: string;
}
export interface Invocation {
  requestId: string;
  payload: string;
  deadline: number;
}
export interface FunctionFailure {
  errorType: string;
  errorMessage: string;
  trace: string[];
}
export type Outcome =
  | { kind: 'ready' }
  | { kind: 'done'; payload: string }
  | { kind: 'failed'; failure: FunctionFailure };

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const boot = workerData as Boot;

async function main(): Promise<void> {
  const bundle = (await import(boot.url)) as Record<string, Handler>;
  const handler = bundle[boot.export];
  if (typeof handler !== 'function') throw new Error(`${boot.url} does not export ${boot.export}`);
  parentPort?.on('message', async (invocation: Invocation) => {
    parentPort?.postMessage(await run(handler, invocation));
  });
  parentPort?.postMessage({ kind: 'ready' } satisfies Outcome);
}

async function run(handler: Handler, { requestId, payload, deadline }: Invocation): Promise<Outcome> {
  const context = {
    awsRequestId: requestId,
    functionName: boot.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: boot.arn,
    memoryLimitInMB: '1024',
    logGroupName: `/aws/lambda/${boot.name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const result = await handler(JSON.parse(payload), context);
    return { kind: 'done', payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return { kind: 'failed', failure: describe(error) };
  }
}

function describe(error: unknown): FunctionFailure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

void main();
