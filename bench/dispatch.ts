/**
 * From an agent becoming free to the waiting caller's transfer being requested of the carrier, through the whole
 * local stack: HTTP, worker threads, DynamoDB, REST. The agent is freed by the App API, the worst case: the
 * request passes the authorizer first.
 */
import { openStage } from '../test/support/stage.ts';
import { heard } from '../test/support/story.ts';
import { mean, percentile, print } from './report.ts';

const ROUNDS = 40;
const WARM_UP = 5;
const BUDGET_MS = 150;
/** The public example's callers poll every 20 s: 10 s on average. */
const POLLING_MS = 10_000;

/** @returns the mean in seconds */
export async function benchDispatch(): Promise<number> {
  const stage = await openStage({ carrier: { speed: 20 }, settings: { MAX_WAIT_CYCLES: '1000' } });
  const samples: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const agent = `+9187${String(round).padStart(8, '0')}`;
    const { call, done } = stage.call();
    await until(call, () => heard(call).some(sound => sound.startsWith('music')));
    const transferred = new Promise<number>(resolve =>
      call.story.follow(entry => entry.kind === 'transferred' && resolve(performance.now())),
    );
    const start = performance.now();
    await stage.register(agent);
    if (round >= WARM_UP) samples.push((await transferred) - start);
    call.callerHangsUp();
    await done;
    await stage.api('DELETE', `/agents/${encodeURIComponent(agent)}`);
  }
  await stage.close();
  print('Agent becomes free → transfer requested, through the local stack', [
    {
      what: 'p50',
      value: percentile(samples, 0.5),
      unit: 'ms',
      against: { name: 'polling every 20 s', value: POLLING_MS },
    },
    {
      what: 'p95',
      value: percentile(samples, 0.95),
      unit: 'ms',
      against: { name: 'budget', value: BUDGET_MS },
    },
  ]);
  return mean(samples) / 1000;
}

type Call = ReturnType<Awaited<ReturnType<typeof openStage>>['call']>['call'];

function until(call: Call, holds: () => boolean): Promise<void> {
  return new Promise(resolve => {
    if (holds()) return resolve();
    const unfollow = call.story.follow(() => {
      if (!holds()) return;
      unfollow();
      resolve();
    });
  });
}
