/** With an assistant: who was served, where the call goes, and from when on a queue counts it. */
import { describe, expect, test } from 'vitest';
import {
  isInTalk,
  joinQueue,
  noteAnswered,
  noteDeparture,
  returnToFlow,
  sayGoodbye,
  summarise,
  totals,
} from '../../lambda/call/assisted.ts';
import type { Held } from '../../lambda/call/transitions.ts';
import * as move from '../../lambda/call/transitions.ts';
import { assistantDefaults } from '../../lambda/voice/assistant.ts';
import type { Departure, Entry } from '../../lambda/voice/conversation.ts';
import { begin } from '../../lambda/voice/step.ts';
import { NOW, queue } from '../queue/fixtures.ts';
import { inFlow, TALK } from './flow-fixtures.ts';
import { AT, QUEUE } from './moves.ts';

const heard = noteAnswered(AT.assisted, NOW + 1000);
const SETTINGS = assistantDefaults('default', { prompt: '', model: 'm', tts_voice: 'v' });
const LATER = NOW + 60_000;

const queued = (held: Held, choices = {}) => joinQueue(held, queue(choices), LATER).call;

describe('a call with an assistant', () => {
  test('was served when the assistant was heard, and only then', () => {
    expect(move.hangUp(heard, {}, QUEUE, LATER).call).toMatchObject({
      outcome: 'connected',
      ended_at: LATER,
    });
    expect(sayGoodbye(heard, LATER).call).toMatchObject({ state: 'ended', outcome: 'connected' });
    expect(sayGoodbye(AT.assisted, LATER).call.outcome).toBe('abandoned');
  });

  test('is first heard once', () => {
    expect(noteAnswered(heard, LATER).call.assisted_at).toBe(NOW + 1000);
  });

  test('goes where the first departure says', () => {
    const leaving = noteDeparture(heard, { to: 'end', reason: 'done' });
    const again = noteDeparture(leaving, { to: 'queue', queue: 'default', reason: 'failed', detail: 'stt' });
    expect(again.call.departure).toEqual({ to: 'end', reason: 'done' });
  });

  test('is in no queue until it joins one, where its place counts from then on', () => {
    expect(heard.call.queue).toBe('');
    expect(queued(heard)).toMatchObject({ queue: 'default', joined_at: LATER, began_at: NOW });
  });

  test('may come with a priority, never lower than its queue gives', () => {
    const urgent = noteDeparture(heard, { to: 'queue', queue: 'default', reason: 'asked', priority: 7 });
    expect(queued(urgent).priority).toBe(7);
    expect(queued(urgent, { priority: 9 }).priority).toBe(9);
    expect(queued(heard, { priority: 3 }).priority).toBe(3);
  });

  test('has the outcome of its queue once it has joined one', () => {
    const inLine = joinQueue(heard, QUEUE, LATER);
    expect(move.hangUp(inLine, {}, QUEUE, LATER + 1000).call.outcome).toBe('abandoned');
  });

  test('counts as turns the replies to the caller: no greeting, no prompt, and one that used a tool once', () => {
    const said = (kind: 'greeting' | 'reply' | 'prompt' | 'farewell', turn: number): Entry => ({
      who: 'assistant',
      kind,
      turn,
      at: NOW,
      text: 'Yes.',
      heard: 'Yes.',
    });
    const asked: Entry = { who: 'caller', at: NOW, ended_at: NOW, text: 'Well?' };
    const entries = [said('greeting', 1), asked, said('reply', 2), said('reply', 2), said('prompt', 3)];
    const all = [...entries, asked, said('reply', 4), said('farewell', 5)];
    expect(totals({ ...begin(SETTINGS, {}, NOW), turn: 5, entries: all }).turns).toBe(2);
  });

  test('back in its flow the caller is told of once, with what was learnt but no name of the platform', () => {
    const flow = inFlow(AT.assisted.call, TALK);
    const talking: Held = { call: { ...flow, talk: { n: 2, outcomes: ['sales'] } }, agents: [] };
    const sold: Departure = { to: 'flow', reason: 'chosen', status: 'sales' };
    const back = returnToFlow(talking, sold, { order: '7', 'voipbin.call.id': 'x' }, LATER);
    expect(back.call).toMatchObject({
      state: 'in_flow',
      departure: sold,
      flow: { result: { type: 'conversed', status: 'sales', variables: { order: '7' }, step: 0 } },
    });
    expect(back.call.flow?.result).not.toHaveProperty(['variables', 'voipbin.call.id']);
    expect(returnToFlow(back, sold, {}, LATER)).toBe(back);
    expect(returnToFlow(AT.assisted, sold, {}, LATER)).toBe(AT.assisted);
  });

  test('a word about another conversation of the call changes nothing', () => {
    const second: Held = { call: { ...AT.assisted.call, talk: { n: 2, outcomes: [] } }, agents: [] };
    const done: Departure = { to: 'end', reason: 'done' };
    expect(noteDeparture(second, done, 1).call).toBe(second.call);
    expect(noteDeparture(second, done, 2).call.departure).toEqual(done);
    expect([1, 2].map(n => isInTalk(second.call, n))).toEqual([false, true]);
    expect(isInTalk(AT.in_flow.call, 1)).toBe(false);
  });

  test('may be summed up after its end', () => {
    const usage = { stt_secs: 9, llm_input_tokens: 1, llm_output_tokens: 2, tts_chars: 3 };
    const conversation = { ...begin(SETTINGS, {}, NOW), usage, interruptions: 1 };
    const ai = { ...usage, turns: 0, interruptions: 1 };
    expect(summarise(AT.ended, [conversation]).call).toMatchObject({ state: 'ended', ai });
    const twice = { stt_secs: 18, llm_input_tokens: 2, llm_output_tokens: 4, tts_chars: 6, interruptions: 2 };
    expect(summarise(AT.ended, [conversation, conversation]).call.ai).toMatchObject(twice);
  });
});
