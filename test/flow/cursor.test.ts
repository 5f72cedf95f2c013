/** The way through the actions: next_id, jumps out of fetched flows, counted jumps, loops and limits. */
import { describe, expect, test } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { LONGEST_RUN, MOST_ACTIONS } from '../../lambda/flow/run.ts';
import { flowOf, Line } from './line.ts';

const say = (text: string, more: Partial<Action> = {}): Action => ({
  type: 'talk',
  option: { text },
  ...more,
});
const keys: Action = { type: 'digits_receive' };
const goto = (target_id: string, loop_count?: number): Action => ({
  type: 'goto',
  option: { target_id, ...(loop_count !== undefined && { loop_count }) },
});
const fetchFlow = (flow_id: string, more: Partial<Action> = {}): Action => ({
  type: 'fetch_flow',
  option: { flow_id },
  ...more,
});

test('next_id leads elsewhere; the zero UUID and an empty one lead on', () => {
  const zero = '00000000-0000-0000-0000-000000000000';
  const line = new Line(
    flowOf([
      say('1', { next_id: 'c' }),
      say('2'),
      say('3', { id: 'c', next_id: zero }),
      say('4', { next_id: '' }),
    ]),
  );
  expect(line.spoken).toEqual(['1', '3', '4']);
});

describe('a fetched flow', () => {
  const sub = flowOf([say('sub 1'), goto('main-2'), say('never')], { id: 'sub', name: 'Sub flow' });

  test('goes back into the one that fetched it, by its name too', () => {
    const quiet = flowOf([say('sub')], { id: 'quiet', name: 'Quiet' });
    const line = new Line(
      flowOf([fetchFlow('Quiet', { next_id: 'end' }), say('no'), say('end', { id: 'end' })]),
      {
        library: [quiet],
      },
    ).load();
    expect(line.spoken).toEqual(['sub', 'end']);
    expect(line.state.path.map(({ flow }) => flow)).toEqual(['main', 'quiet', 'main']);
  });

  test('may jump out into it', () => {
    const line = new Line(flowOf([fetchFlow('sub'), say('main 1'), say('main 2', { id: 'main-2' })]), {
      library: [sub],
    }).load();
    expect(line.spoken).toEqual(['sub 1', 'main 2']);
    expect(line.state.outcome).toBe('completed');
  });

  test('is run in the version that was found, whatever is saved afterwards', () => {
    const old = flowOf([keys, say('old')], { id: 'sub', version: 1 });
    const line = new Line(flowOf([fetchFlow('sub')]), { library: [old] }).load();
    line.library.push(flowOf([say('new')], { id: 'sub', version: 2 }));
    expect(line.tell({ type: 'digits', digits: '1' }).spoken).toEqual(['old']);
  });

  test('without actions is passed over', () => {
    const line = new Line(flowOf([fetchFlow('sub'), say('on')]), {
      library: [flowOf([], { id: 'sub' })],
    }).load();
    expect(line.spoken).toEqual(['on']);
  });

  test('that fetches itself ends at the limit', () => {
    const line = new Line(flowOf([fetchFlow('main')]));
    for (let depth = 1; depth < 20; depth++) line.load();
    line.load();
    expect(line.state.fell_back).toEqual({ because: 'limit', why: 'too many actions within actions' });
    expect(line.effect('join_queue').queue).toBe('default');
  });
});

test('actions that are fetched within fetched ones end at the limit of what is stored', () => {
  const fetched = [
    { type: 'fetch', option: { event_url: 'https://a.test' } },
    say('x'.repeat(4000)),
    say('y'.repeat(4000)),
  ];
  const line = new Line(flowOf([{ type: 'fetch', option: { event_url: 'https://a.test' } }]));
  const body = JSON.stringify(fetched);
  while (line.waits === 'answered') line.tell({ type: 'answered', status: 200, body });
  expect(line.state.fell_back).toEqual({ because: 'limit', why: 'too many actions within actions' });
  expect(line.state.path.filter(({ type }) => type === 'fetch')).toHaveLength(13);
});

describe('goto', () => {
  test('jumps as often as it says, in the flow’s life', () => {
    const line = new Line(flowOf([{ ...keys, id: 'again' }, goto('again', 2), say('through')]));
    for (let jump = 0; jump < 2; jump++) {
      line.tell({ type: 'digits', digits: '' });
      expect(line.waits).toBe('digits');
    }
    expect(line.tell({ type: 'digits', digits: '' }).spoken).toEqual(['through']);
  });

  test('a loop that speaks is one document a round, and ends at the limit with the fallback', () => {
    const line = new Line(
      flowOf([say('Please hold.', { id: 'hold' }), goto('hold')], { fallback_queue_id: 'sales' }),
    );
    let rounds = 0;
    for (; line.waits === 'continued'; rounds++) {
      expect(line.spoken).toEqual(['Please hold.']);
      line.tell({ type: 'continued' });
    }
    expect(rounds).toBe(MOST_ACTIONS / 2);
    expect(line.state.fell_back).toEqual({ because: 'limit', why: `${MOST_ACTIONS} actions` });
    expect(line.spoken[0]).toContain('Sorry');
    expect(line.effect('join_queue').queue).toBe('sales');
    line.tell({ type: 'queue_left', result: 'connected' });
    expect(line.state.outcome).toBe('limit');
    expect(line.state.path).toHaveLength(300);
  });

  test('an action that leads to itself is heard once a document', () => {
    const line = new Line(flowOf([say('Again.', { id: 'again', next_id: 'again' })]));
    expect([line.spoken, line.waits]).toEqual([['Again.'], 'continued']);
  });

  test('a loop that does nothing ends without the caller waiting', () => {
    const line = new Line(flowOf([goto('main'), { ...goto('main'), id: 'main' }]));
    expect(line.state.fell_back).toEqual({ because: 'limit', why: `${LONGEST_RUN} actions without waiting` });
    expect(line.waits).toBe('queue_left');
  });

  test('without a caller it just ends', () => {
    const line = new Line(flowOf([{ ...goto('x'), id: 'x' }], { on_complete_flow_id: 'after' }), {
      onCall: false,
    });
    expect(line.state.outcome).toBe('limit');
    expect(line.verbs).toEqual([]);
    expect(line.effect('start_flow').flow).toBe('after');
  });
});

describe('the fallback', () => {
  const lost = flowOf([goto('nowhere')], { fallback_flow_id: 'people' });

  test('is the flow’s own flow', () => {
    const line = new Line(lost, { library: [flowOf([say('A person.')], { id: 'people' })] });
    expect(line.spoken[0]).toContain('Sorry');
    expect(line.load().spoken).toEqual(['A person.']);
    expect(line.state.outcome).toBe('failed');
  });

  test('is the queue where that flow is gone', () => {
    expect(new Line(lost).load().effect('join_queue').queue).toBe('default');
  });

  test('that fails too ends the call', () => {
    const line = new Line(flowOf([goto('nowhere')])).tell({ type: 'failed', why: 'no such queue' });
    expect(line.verbs).toEqual([{ verb: 'hangup' }]);
    expect(line.state.outcome).toBe('failed');
  });

  test('takes a caller whose flow is gone', () => {
    const line = new Line(flowOf([keys, say('on')]));
    line.library.length = 0;
    line.tell({ type: 'digits', digits: '1' });
    expect(line.state.fell_back?.why).toBe('the flow is gone');
    expect(line.waits).toBe('queue_left');
  });
});

describe('the end', () => {
  const after = { on_complete_flow_id: 'after' };

  test('of a call is when the call has ended', () => {
    const line = new Line(flowOf([say('Bye.')], after));
    expect(line.effects).toEqual([]);
    expect(line.tell({ type: 'hung_up' }).effect('start_flow')).toMatchObject({
      flow: 'after',
      completes: 1,
    });
    expect(line.state.stack).toEqual([]);
  });

  test('a chain of flows is five long', () => {
    const ends = (completes: number) =>
      new Line(flowOf([], after), { onCall: false, completes }).effects.length;
    expect([0, 1, 2, 3, 4].map(ends)).toEqual([1, 1, 1, 1, 0]);
  });

  test('a long document is cut in two', () => {
    const line = new Line(flowOf(Array.from({ length: 70 }, (_, index) => say(String(index)))));
    expect(line.spoken).toHaveLength(30);
    expect(line.tell({ type: 'continued' }).spoken[0]).toBe('30');
    expect(line.tell({ type: 'continued' }).spoken).toHaveLength(10);
    expect(line.waits).toBe('hung_up');
  });
});

describe('events', () => {
  const asking = () => new Line(flowOf([{ ...keys, option: { length: 1 } }, keys, say('done')]));

  test('of another step, of another kind, or after the end change nothing', () => {
    const line = asking();
    line.ignores({ type: 'digits', digits: '1', step: 1 });
    line.ignores({ type: 'continued', step: 0 });
    line.ignores({ type: 'failed', step: 0, why: 'of nothing' });
    line.tell({ type: 'digits', digits: '1' }).ignores({ type: 'digits', digits: '1', step: 0 });
    line.tell({ type: 'hung_up' });
    expect(line.state.outcome).toBe('hung_up');
    expect(line.state.path.at(-1)?.result).toBe('hung_up');
    line.ignores({ type: 'digits', digits: '2', step: 2 }).ignores({ type: 'hung_up' });
  });

  test('a hang-up means nothing to a flow without a caller', () => {
    const line = new Line(flowOf([fetchFlow('sub')]), { onCall: false });
    line.ignores({ type: 'hung_up' });
    expect(line.waits).toBe('flow_loaded');
  });

  test('the path has times', () => {
    const line = asking().tell({ type: 'digits', digits: '1' }, 2500);
    expect(line.state.path.map(({ at }) => at - (line.now - 2500))).toEqual([0, 2500]);
    expect(line.state.path[0]?.result).toBe('length');
  });
});
