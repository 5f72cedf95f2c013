/** A call in each state, with the agents it holds, and every move of the table. */

import {
  arriveAssisted,
  joinQueue,
  noteAnswered,
  noteDeparture,
  sayGoodbye,
} from '../../lambda/call/assisted.ts';
import type { CallState } from '../../lambda/call/call.ts';
import * as cycle from '../../lambda/call/cycle.ts';
import { record } from '../../lambda/call/evidence.ts';
import { arriveInFlow, beginTalk, sendToQueue } from '../../lambda/call/flow-call.ts';
import { backInFlow } from '../../lambda/call/in-flow.ts';
import { answered, place, rang, refused } from '../../lambda/call/outbound.ts';
import type { Held } from '../../lambda/call/transitions.ts';
import * as move from '../../lambda/call/transitions.ts';
import { agent, caller, NOW, queue } from '../queue/fixtures.ts';
import { inFlow, TALK } from './flow-fixtures.ts';

export const QUEUE = queue({ wrap_up_secs: 30 });
export const [FIRST, SECOND] = [agent(1), agent(2)];

const waiting: Held = { call: caller(1), agents: [] };
export const offered = move.offer(waiting.call, [FIRST, SECOND], QUEUE, NOW, 'queue-try-agent:1');
export const onHold = move.offer(waiting.call, [FIRST], QUEUE, NOW);
const connected = only(FIRST.number, move.connect(offered, FIRST.number, NOW + 5000));

const ARRIVAL = { id: 'call-1', from: '+919900000001', to: '+911140000001', direction: 'inbound' } as const;
const ORDER = { id: 'own-1', from: '+911140000001', to: '+919900000001', assistant: 'default' };
const dialed = place({ ...ORDER, ring_timeout_secs: 30 }, NOW);

export const AT: Record<CallState, Held> = {
  dialing: { call: dialed, agents: [] },
  assisted: { call: arriveAssisted(ARRIVAL, 'default', NOW), agents: [] },
  in_flow: { call: inFlow(arriveInFlow(ARRIVAL, NOW), TALK), agents: [] },
  greeting: { call: { ...waiting.call, state: 'greeting' }, agents: [] },
  waiting,
  offered,
  connected,
  voicemail: move.leave(waiting, 'max_cycles', QUEUE, NOW),
  ended: move.hangUp(waiting, {}, QUEUE, NOW + 9000),
};

export const MOVES = {
  rang: held => rang(held, NOW),
  answered: held => answered(held, NOW + 5000),
  refused: held => refused(held, { status: 402, detail: 'no credit' }, NOW),
  noteAnswered: held => noteAnswered(held, NOW + 1000),
  noteDeparture: held => noteDeparture(held, { to: 'end', reason: 'done' }),
  joinQueue: held => joinQueue(held, QUEUE, NOW + 30_000),
  sayGoodbye: held => sayGoodbye(held, NOW + 30_000),
  beginWaiting: held => move.beginWaiting(held, QUEUE, NOW),
  hold: held => cycle.begin(held, QUEUE, NOW),
  readmit: held => cycle.readmit(held),
  ring: held => move.ring(held, QUEUE, NOW + 1000, 'queue-try-agent:2'),
  connect: held => move.connect(held, FIRST.number, NOW + 5000),
  endRing: held => move.endRing(held, 'busy', QUEUE, NOW),
  expireOffer: held => move.expireOffer(held, QUEUE, NOW),
  endTalk: held => move.endTalk(held, QUEUE, NOW + 65_000),
  leave: held => move.leave(held, 'max_cycles', QUEUE, NOW),
  hangUp: held => move.hangUp(held, {}, QUEUE, NOW + 65_000),
  record: held => record(held, { recording_id: 'r' }, NOW),
  sendToQueue: held => sendToQueue(held, QUEUE, NOW),
  beginTalk: held => beginTalk(held, NOW),
  backInFlow: held => backInFlow(held, { type: 'conversed', status: 'done' }, NOW),
} satisfies Record<string, (held: Held) => Held>;

export type MoveName = keyof typeof MOVES;

/** The agents whose items name the call. */
export function only(number: string, held: Held): Held {
  return { ...held, agents: held.agents.filter(one => one.number === number) };
}
