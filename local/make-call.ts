/** `npm run make-call`: an outbound call through the App API of the stack that runs here, or of a deployed one. */
import { ApiError, appApi } from './outbound/app-api.ts';
import { makeCall } from './outbound/follow.ts';
import { HELP, type MakeCallOptions, readOptions, UsageError } from './outbound/options.ts';
import { findRunning } from './running.ts';

const RUNNING = '.switchboard/running.json';
const PATIENCE_MS = 5000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const options = readOptions(args, process.env);
  if (options.help) {
    say(HELP.trimEnd());
    return 0;
  }
  const { url, key } = await stackFor(options);
  const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));
  const reached = await makeCall(appApi(url, key), options.order, { wait: options.wait, say, pause });
  return reached ? 0 : 1;
}

async function stackFor({ url, key = '' }: MakeCallOptions): Promise<{ url: string; key: string }> {
  if (url !== undefined) return { url, key };
  const running = await findRunning(RUNNING, PATIENCE_MS);
  if (running) return { url: running.url, key: running.apiKey };
  throw new ApiError(
    'No stack is running here. Start one with npm start in another terminal, or name a deployed one with --url.',
  );
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isExpected = error instanceof UsageError || error instanceof ApiError;
  process.stderr.write(`${isExpected ? error.message : `npm run make-call failed: ${error}`}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
