/**
 * Callers whose words tell who says them, so that a turn can be followed from what the transcriber's double sent to
 * what left for the caller. Both are noted by the same clock.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Call, Say } from '../../carrier/index.ts';
import type { Requests, Rule } from '../../doubles/script.ts';
import type { Desk } from '../../test/session/desk.ts';

export interface Caller {
  name: string;
  call: Call;
  done: Promise<void>;
}

/** What one caller says, told who they are; each turn ends once the answer was heard. */
export type Part = (name: string) => Say[];

/** As many questions as there are turns. */
export const questions =
  (turns: number): Part =>
  name =>
    Array.from({ length: turns }, (_, turn) => ({ text: `${name} ${turn}` }));

/** A first sentence of one token, which leaves as soon as it is generated. */
export const SHORT_REPLY: Rule & { persistent: true } = { say: ['Yes.'], persistent: true };
export const LONGER_REPLY: Rule & { persistent: true } = {
  say: ['Yes.', ' We are open from nine to five, Monday to Friday.'],
  persistent: true,
};

/** Their calls begin one after the other, so that their turns do not all end at the same moment. */
const APART_MS = 130;

/** @param call places a call */
export async function gather(
  count: number,
  part: Part,
  call: (says: Say[]) => { call: Call; done: Promise<void> },
): Promise<Caller[]> {
  const callers: Caller[] = [];
  while (callers.length < count) {
    const name = `caller ${++names} asks`;
    callers.push({ name, ...call(part(name)) });
    await pause(APART_MS);
  }
  return callers;
}
let names = 0;

/** Resolves when every caller has heard so many sentences to their end, or has no call any more. */
export const allHeard = (callers: Caller[], sentences: number) =>
  Promise.allSettled(
    callers.map(({ call }) => call.ear.until(() => call.story.of('played').length >= sentences, call.line)),
  );

export async function hangUp(callers: Caller[]): Promise<void> {
  for (const { call } of callers) call.callerHangsUp();
  await Promise.all(callers.map(({ done }) => done));
}

export const minutesOf = (callers: Caller[]) =>
  callers.reduce((sum, { call }) => sum + ((call.endedAt ?? call.clock.now()) - call.startedAt) / 60_000, 0);

interface Moment {
  at: number;
}

/** What the transcriber's double sent for one caller. */
export function transcriptsOf({ listen }: Requests, { name }: Caller) {
  const ears = listen.filter(({ heard }) => heard.some(({ text }) => text.includes(name)));
  return { interims: ears.flatMap(ear => ear.interims), finals: ears.flatMap(ear => ear.heard) };
}

/** What left for one caller, by its event. */
export async function postedTo(desk: Desk, { call }: Caller, event: string): Promise<Moment[]> {
  const connections = await desk.context.streams.connections.ofStream(call.uuid);
  const ids = new Set(connections.map(({ connection }) => connection));
  return desk.posted.filter(({ connection, message }) => ids.has(connection) && message.event === event);
}

/** Milliseconds from each moment to the first of the others that is not before it. */
export const delays = (from: Moment[], to: Moment[]): number[] =>
  from.flatMap(({ at }) => {
    const next = to.find(one => one.at >= at);
    return next ? [next.at - at] : [];
  });

/** Our own share of every turn: from a final transcript to the first audio of the reply. */
export async function sharesOf(desk: Desk, callers: Caller[]): Promise<number[]> {
  const each = callers.map(async caller =>
    delays(transcriptsOf(desk.doubles.requests, caller).finals, await postedTo(desk, caller, 'playAudio')),
  );
  return (await Promise.all(each)).flat();
}
