/**
 * Performers that come twice at the same time, and performers that die between any two operations on the tables:
 * nothing is lost, a request is made once unless its performer died, a call is never placed twice.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { restartEffects } from '../../lambda/sweep/effects.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { CALL, deathAt, Stage, settled, signal, webhook } from './stage.ts';

const CALLING: Action = {
  type: 'call',
  option: {
    destinations: [{ type: 'tel', target: '+15550001111' }],
    actions: [{ type: 'talk', option: { text: 'Hello.' } }],
    chained: true,
  },
};

/** A request that nobody waits for, a call, and a request whose answer the caller waits for. */
async function wanting(): Promise<Stage> {
  const stage = new Stage();
  stage.reply = () => ({ status: 200, text: '{"tier":"gold"}' });
  await stage.begin([webhook({}, 'news'), CALLING, webhook({ sync: true })]);
  return stage;
}

/** A flow of three steps that follows a call which has ended. */
async function following(): Promise<Stage> {
  const stage = new Stage();
  stage.reply = () => ({ status: 200, text: '{"tier":"gold"}' });
  const after = [
    webhook({ sync: true }, 'first'),
    CALLING,
    webhook({ sync: true }, 'second'),
    webhook({}, 'third'),
  ];
  await stage.save({ id: 'after', actions: after });
  await stage.begin([{ type: 'stop' }], { on_complete_flow_id: 'after' });
  await stage.hangUp();
  return stage;
}

/** The sweeper finds what is left, and calls that nobody has heard of, minute by minute, until nothing is. */
async function swept(stage: Stage): Promise<void> {
  for (let minute = 0; (await stage.run()).todo.length > 0; minute++) {
    expect(minute, 'minutes until all is done').toBeLessThan(8);
    stage.now += 60_000;
    const lost = stage.placed.filter(call => call.carrier_id === undefined && call.deadline <= stage.now);
    for (const { id } of lost) await stage.hangUp(id);
    stage.tasks.length = 0;
    await restartEffects(stage.context, await stage.call());
    if (stage.tasks.some(({ kind }) => kind === 'effects')) await stage.perform();
  }
}

/** Dies at each point that a performer passes. @returns how many there are */
async function dyingEverywhere(set: () => Promise<Stage>, check: (stage: Stage) => Promise<void>) {
  for (let point = 0; ; point++) {
    const stage = await set();
    const end = await performUntil(stage, point);
    await swept(stage);
    await check(stage);
    if (end === 'done') return point;
  }
}

const timesOf = (ids: unknown[]): number[] => ids.map(id => ids.filter(other => other === id).length);

/** @returns how it ended for a performer that dies at this point, if it comes so far */
async function performUntil(stage: Stage, point: number): Promise<'done' | 'died'> {
  const { hooks, died } = deathAt(point);
  const end = await Promise.race([
    stage.perform(stage.process(hooks)).then(() => 'done' as const),
    died.then(() => 'died' as const),
  ]);
  await settled();
  return end;
}

describe('a performer that dies', () => {
  test('leaves all to the next one: requests by the same id, and no call twice', async () => {
    const points = await dyingEverywhere(wanting, async stage => {
      expect(new Set(stage.ids)).toEqual(new Set([`${CALL}.0.0`, `${CALL}.0.2`]));
      expect(Math.max(...timesOf(stage.ids))).toBeLessThanOrEqual(2);
      expect(stage.carrier.placed.length).toBeLessThanOrEqual(1);
      expect(stage.placed).toHaveLength(1);
      expect((await stage.run()).result).toMatchObject({ type: 'answered', status: 200 });
    });
    expect(points).toBeGreaterThan(20);
  });

  test('leaves a flow without a caller where it stands, and the next one goes on from there', async () => {
    const points = await dyingEverywhere(following, async stage => {
      const [run, ...others] = await stage.context.store.runs.list(CALL);
      expect(others).toEqual([]);
      expect(run?.run.todo).toEqual([]);
      expect(run?.run.state.outcome).toBe('completed');
      expect(run?.run.state.path.map(({ action }) => action)).toEqual(['first', '1', 'second', 'third']);
      expect(new Set(stage.ids).size).toBe(3);
      expect(Math.max(...timesOf(stage.ids))).toBeLessThanOrEqual(2);
      expect(stage.carrier.placed.length).toBeLessThanOrEqual(1);
      expect(stage.placed).toHaveLength(1);
    });
    expect(points).toBeGreaterThan(30);
  });
});

test.each([
  ['on a call', wanting, 2],
  ['after a call', following, 3],
])('one performer after another may die %s', async (_, set, requests) => {
  const points = fc.array(fc.nat({ max: 40 }), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(points, async deaths => {
      const stage = await set();
      for (const point of deaths) {
        await performUntil(stage, point);
        stage.now += 60_000;
      }
      await swept(stage);
      expect(new Set(stage.ids).size).toBe(requests);
      expect(stage.carrier.placed.length).toBeLessThanOrEqual(1);
      expect(stage.placed).toHaveLength(1);
    }),
    { numRuns: 15 },
  );
});

describe('a task that is delivered twice at the same time', () => {
  test.each([
    ['on a call', wanting, 2],
    ['after a call', following, 3],
  ])('performs everything once %s', async (_, set, requests) => {
    const stage = await set();
    await Promise.all([stage.perform(stage.process()), stage.perform(stage.process()), stage.perform()]);
    await swept(stage);
    expect(stage.requests).toHaveLength(requests);
    expect(stage.carrier.placed).toHaveLength(1);
  });
});

test('a flow without a caller that somebody works on for minutes is worked on by nobody else', async () => {
  const stage = await following();
  const gates = [signal(), signal()];
  const process = stage.process();
  const slow = {
    ...process,
    request: async (outgoing: Parameters<typeof process.request>[0]) => {
      const answer = await process.request(outgoing);
      await gates[stage.requests.length - 1]?.promise;
      return answer;
    },
  };
  const working = stage.perform(slow);
  await settled();
  stage.now += 40_000;
  gates[0]?.resolve();
  await settled();
  stage.now += 40_000;
  await stage.perform();
  expect(stage.requests).toHaveLength(2);
  gates[1]?.resolve();
  await working;
  await swept(stage);
  expect(stage.requests).toHaveLength(3);
});

test('the sweeper starts only what nobody is about to perform', async () => {
  const stage = await wanting();
  const sweepAfter = async (ms: number) => {
    stage.now += ms;
    stage.tasks.length = 0;
    await sweep(stage.context);
    return stage.tasks.filter(({ kind }) => kind === 'effects');
  };
  expect(await sweepAfter(29_000)).toEqual([]);
  expect(await sweepAfter(1000)).toEqual([{ kind: 'effects', call: CALL }]);
  await stage.perform();
  expect(await sweepAfter(60_000)).toEqual([]);
});
