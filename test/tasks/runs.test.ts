/** Flows without a caller: what follows a call, step by step, and how long a chain may become. */
import { describe, expect, test } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { CALL, Stage, webhook } from './stage.ts';

const SURVEY: Action[] = [
  webhook({ sync: true }),
  { type: 'condition_variable', option: gold('stop') },
  { type: 'talk', option: { text: 'Nobody hears this.' } },
  webhook({ uri: 'https://your-api.com/results', data: '{"tier":"${customer.tier}"}' }, 'results'),
  { id: 'stop', type: 'stop' },
];

function gold(false_target_id: string) {
  return {
    condition: '==',
    variable: 'customer.tier',
    value_type: 'string',
    value_string: 'gold',
    false_target_id,
  };
}

async function ended(actions: Action[], more = {}): Promise<Stage> {
  const stage = new Stage();
  stage.reply = () => ({ status: 200, text: '{"tier":"gold"}' });
  await stage.save({ id: 'after', actions, ...more });
  await stage.begin([{ type: 'talk', option: { text: 'Bye.' } }], { on_complete_flow_id: 'after' });
  await stage.hangUp();
  await stage.perform();
  return stage;
}

const runsOf = async (stage: Stage) =>
  (await stage.context.store.runs.list(CALL)).map(({ id, run }) => ({ id, ...run }));

describe('a flow that follows a call', () => {
  test('runs to its end with the answers that it waits for, and passes over what needs a caller', async () => {
    const stage = await ended(SURVEY);
    const [run] = await runsOf(stage);
    expect(run).toMatchObject({ id: '1.0', flow: 'after', version: 1, todo: [] });
    expect(run?.state.path.map(({ type, result }) => [type, result])).toEqual([
      ['webhook_send', '200'],
      ['condition_variable', undefined],
      ['talk', 'skipped: nobody is on the line'],
      ['webhook_send', undefined],
      ['stop', undefined],
    ]);
    expect(stage.requests.map(({ body }) => body)).toEqual(['{"n":1}', '{"tier":"gold"}']);
    expect(stage.ids).toEqual([`${CALL}.1.0.0.0`, `${CALL}.1.0.1.0`]);
    expect((await stage.run()).todo).toEqual([]);
  });

  test('knows the call that it comes from', async () => {
    const [run] = await runsOf(await ended([{ type: 'stop' }]));
    expect(run?.state.variables).toMatchObject({
      'voipbin.activeflow.id': `${CALL}.1.0`,
      'voipbin.activeflow.reference_id': CALL,
      'voipbin.activeflow.reference_activeflow_id': CALL,
      'voipbin.activeflow.flow_id': 'after',
      'voipbin.activeflow.complete_count': '1',
      'voipbin.call.id': CALL,
    });
  });

  test('may run another flow within it', async () => {
    const stage = new Stage();
    await stage.save({ id: 'inner', actions: [webhook({}, 'inner')] });
    await stage.save({
      id: 'after',
      actions: [{ type: 'fetch_flow', option: { flow_id: 'inner' } }, webhook()],
    });
    await stage.begin([{ type: 'stop' }], { on_complete_flow_id: 'after' });
    await stage.hangUp();
    await stage.perform();
    expect(stage.requests).toHaveLength(2);
  });

  test('may place calls, once each', async () => {
    const option = {
      destinations: [{ type: 'tel', target: '+15550001111' }],
      actions: [{ type: 'stop' }],
      chained: true,
    };
    const stage = await ended([{ type: 'call', option }]);
    expect(stage.carrier.placed).toHaveLength(1);
    await stage.perform();
    expect(stage.carrier.placed).toHaveLength(1);
  });

  test('that does not exist is a failure of the call’s flow', async () => {
    const stage = new Stage();
    await stage.begin([{ type: 'stop' }], { on_complete_flow_id: 'nowhere' });
    await stage.hangUp();
    await stage.perform();
    expect((await stage.run()).failures).toMatchObject([
      { do: 'start_flow', why: expect.stringContaining('does not exist') },
    ]);
  });
});

test('a chain of flows ends at five', async () => {
  const stage = new Stage();
  await stage.begin([webhook()], { on_complete_flow_id: 'main' });
  await stage.hangUp();
  await stage.perform();
  const runs = await runsOf(stage);
  expect(runs.map(({ id }) => id)).toEqual(['1.0', '1.0.0.1', '1.0.0.1.0.1', '1.0.0.1.0.1.0.1']);
  expect(stage.requests).toHaveLength(5);
  expect(new Set(stage.ids).size).toBe(5);
  expect((await stage.run()).todo).toEqual([]);
});

test('the runs of a call are erased with its record', async () => {
  const stage = await ended([{ type: 'stop' }]);
  await stage.context.store.runs.erase(CALL);
  expect(await runsOf(stage)).toEqual([]);
});
