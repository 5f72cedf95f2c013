/** Assistants within a flow, in real time: outcomes, time, failures and deaths lead on in the flow. */
import { expect, it, vi } from 'vitest';
import type { Call, CallerScript } from '../../carrier/index.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import type { FrameKey, Update } from '../../lambda/media/frames-table.ts';
import { MemoryFrames } from '../support/memory-frames.ts';
import { atDesk, type Desk, LINE } from './desk.ts';

vi.setConfig({ testTimeout: 60_000 });

const talk = (option: Record<string, unknown>): Action => ({
  type: 'ai_talk',
  option: { ai_id: 'desk', ...option },
});
const HANGUP: Action = { type: 'hangup' };
/** What a caller hears who has come back to the flow. */
const STATUS: Action = { type: 'talk', option: { text: 'Status ${voipbin.aicall.status}.' } };

async function called(
  desk: Desk,
  actions: Action[],
  says: CallerScript['says'] = [],
  more: Partial<CallerScript> = {},
) {
  const { flows, directory } = desk.context.store;
  const draft = { id: 'main', name: 'Main', actions };
  await flows.save(undefined, draft, { publish: true, now: Date.now() });
  await directory.assistants.save({ id: 'shop', greeting: 'What may it be?' });
  await directory.numbers.save({ number: LINE, flow: 'main' });
  return desk.call(says, more);
}

/** What the assistants were heard to say, sentence by sentence. */
const wordsIn = (call: Call) =>
  call.ear
    .text()
    .split(/[.?]\s*/)
    .filter(Boolean);

const recordOf = async (desk: Desk, id: string) => {
  const call = await desk.context.store.calls.one(id);
  if (!call) throw new Error('There is no such call.');
  return call;
};

it.concurrent(
  'two conversations of one call: each with its own assistant, stream, transcript and outcome',
  atDesk({}, async desk => {
    const actions = [
      { type: 'answer' },
      talk({ outcomes: ['sales', 'support'] }),
      STATUS,
      talk({ ai_id: 'shop', outcomes: ['bought', 'resolved'] }),
      STATUS,
      HANGUP,
    ];
    const { call, done } = await called(desk, actions, [
      { text: 'i want to talk to sales' },
      { text: 'that is all, bye', hearing: 'be?' },
    ]);
    await done;
    const heard = call.story.heard().join(' ');
    expect(heard).toContain('Status sales.');
    expect(heard).toContain('Status resolved.');
    expect(wordsIn(call)).toEqual(['hello', 'all right', 'what may it be', 'all right']);
    const { ai, flow, ...record } = await recordOf(desk, call.uuid);
    expect(record).toMatchObject({ outcome: 'connected', talk: { n: 2 }, departure: { status: 'resolved' } });
    expect(flow?.state).toMatchObject({
      outcome: 'completed',
      variables: { 'voipbin.aicall.intent': 'resolved' },
    });
    const conversations = await desk.context.store.conversations.ofCall(call.uuid);
    expect(conversations.map(({ assistant }) => assistant)).toEqual(['desk', 'shop']);
    const said = conversations.map(({ conversation }) =>
      conversation.entries.flatMap(entry => (entry.who === 'caller' ? [entry.text] : [])),
    );
    expect(said).toEqual([['i want to talk to sales'], ['that is all, bye']]);
    expect(ai).toMatchObject({ turns: 2, interruptions: 0 });
    expect(desk.sessions.map(({ task }) => task.stream)).toEqual([undefined, `${call.uuid}#talk-2`]);
  }),
);

it.concurrent(
  'what the assistant has noted is there for the flow, and the flow’s for the assistant',
  atDesk(
    {
      assistant: { greeting: 'Hello ${name}.' },
      script: {
        rules: [
          { when: 'seven', call: [{ name: 'set_variables', arguments: { variables: { order: '7' } } }] },
          { when: 'ok', say: 'Noted.', call: [{ name: 'end_call', arguments: {} }] },
        ],
      },
    },
    async desk => {
      const actions = [
        { type: 'variable_set', option: { key: 'name', value: 'Asha' } },
        talk({}),
        { type: 'talk', option: { text: '${voipbin.aicall.status} with order ${order}.' } },
        HANGUP,
      ];
      const { call, done } = await called(desk, actions, [{ text: 'order number seven' }]);
      await done;
      expect(wordsIn(call)).toEqual(['hello asha', 'noted']);
      expect(call.story.heard().join(' ')).toContain('completed with order 7.');
    },
  ),
);

it.concurrent(
  'the time is up: the flow goes on in the next quiet moment',
  atDesk({}, async desk => {
    const { call, done } = await called(desk, [talk({ duration: 3 }), STATUS, HANGUP], [{ text: 'well' }]);
    const began = Date.now();
    await done;
    expect(call.story.heard().join(' ')).toContain('Status timeout.');
    expect(Date.now() - began).toBeGreaterThan(3000);
    expect(await recordOf(desk, call.uuid)).toMatchObject({
      departure: { reason: 'limit' },
      outcome: 'connected',
    });
  }),
);

it.concurrent(
  'a provider fails: the flow is told of an error, and nobody apologises in its place',
  atDesk({ script: { faults: { chat: [{ kind: 'error', persistent: true }] } } }, async desk => {
    const { call, done } = await called(desk, [talk({}), STATUS, HANGUP], [{ text: 'well' }]);
    await done;
    const heard = call.story.heard().join(' ');
    expect(heard).toContain('Status error.');
    expect(heard).not.toContain('Sorry');
    expect(await recordOf(desk, call.uuid)).toMatchObject({
      queue: '',
      departure: { to: 'flow', reason: 'failed' },
    });
  }),
);

it.concurrent(
  'a session that dies in the second conversation is succeeded there',
  atDesk({}, async desk => {
    const actions = [
      talk({ outcomes: ['sales'] }),
      talk({ ai_id: 'shop', outcomes: ['bought'] }),
      STATUS,
      HANGUP,
    ];
    const { call, done } = await called(desk, actions, [
      { text: 'sales please' },
      { text: 'i have bought it', hearing: 'be?', quiet: 3 },
    ]);
    while (!call.ear.text().includes('be?')) await new Promise(resolve => setTimeout(resolve, 20));
    desk.sessions[1]?.kill();
    await done;
    expect(call.story.heard().join(' ')).toContain('Status bought.');
    const second = `${call.uuid}#talk-2`;
    const tasks = desk.sessions.slice(1).map(({ task }) => task);
    expect(tasks).toEqual([
      { call: call.uuid, stream: second, generation: 1 },
      { call: call.uuid, stream: second, generation: 2 },
    ]);
  }),
);

/** Of a deployment whose sessions die before they can hold a lease. */
class UnheldFrames extends MemoryFrames {
  override async update(key: FrameKey, update: Update) {
    return update.UpdateExpression.startsWith('SET generation') ? false : super.update(key, update);
  }
}

it.concurrent(
  'sessions that all die lead back to the flow, too',
  atDesk({ product: { frames: new UnheldFrames() } }, async desk => {
    const { call, done } = await called(desk, [talk({}), STATUS, HANGUP]);
    await done;
    expect(call.story.heard().join(' ')).toContain('Status error.');
    expect(desk.sessions).toHaveLength(3);
  }),
);

it.concurrent(
  'a caller who hangs up on the assistant: the flow is over, and nothing waits',
  atDesk({}, async desk => {
    const { call, done } = await called(desk, [talk({}), STATUS, HANGUP], [], { hangsUp: { after: 2 } });
    await done;
    await Promise.all(desk.sessions.map(session => session.done));
    const { state, flow, ai } = await recordOf(desk, call.uuid);
    expect([state, flow?.state.outcome]).toEqual(['ended', 'hung_up']);
    expect(flow?.state.variables['voipbin.aicall.status']).toBe('hangup');
    expect(ai).toMatchObject({ turns: 0 });
  }),
);
