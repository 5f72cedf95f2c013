/**
 * The life of a reply: opened with a turn of its own, spoken in pieces, closed with what was heard of it. Its text
 * is in the entries from the first piece on; a tool call ends one entry and lets the next piece begin another.
 */
import type { AssistantEntry, Latency, Reply } from './conversation.ts';
import { changeEntries, type Moment } from './moment.ts';
import { heardOf } from './timeline.ts';

/** A turn that has been closed is never opened again, so that late events about it find nothing. */
export function openReply({ talk, now }: Moment, kind: Reply['kind']): Reply {
  talk.turn += 1;
  const reply: Reply = {
    turn: talk.turn,
    kind,
    pieces: [],
    open: false,
    requests: 0,
    requested_at: now,
    progress_at: now,
    called: 0,
    latency: {},
    decided_at: now,
  };
  talk.reply = reply;
  return reply;
}

export function speak(moment: Moment, reply: Reply, text: string, filler = false): void {
  const { talk, now, commands } = moment;
  const name = `t${reply.turn}.${reply.pieces.length + 1}`;
  const entry = extendEntry(moment, reply, text);
  reply.pieces.push({ name, text, entry, queued_at: now, ...(filler && { filler }) });
  talk.usage.tts_chars += text.length;
  commands.push({ do: 'speak', piece: name, text });
}

/** The reply under way, if it is that of this turn and the caller is there to hear it. */
export function replyOf({ talk }: Moment, turn: number): Reply | undefined {
  if (talk.phase !== 'thinking' && talk.phase !== 'speaking' && talk.phase !== 'leaving') return undefined;
  return talk.reply?.turn === turn ? talk.reply : undefined;
}

/** Brings the entries of the reply to what has been heard by `at`. */
export function noteHeard(moment: Moment, at: number): void {
  const { reply, spoken, entries } = moment.talk;
  if (!reply) return;
  const heard = heardOf(reply.pieces, spoken, at);
  const of = (index: number) =>
    heard.filter((text, piece) => text !== '' && reply.pieces[piece]?.entry === index).join(' ');
  moment.talk.entries = entries.map((entry, index) =>
    entry.who === 'assistant' && entry.turn === reply.turn ? { ...entry, heard: of(index) } : entry,
  );
}

/** Nothing of the reply under way has been heard yet. */
export const isUnheard = ({ talk, now }: Moment): boolean =>
  heardOf(talk.reply?.pieces ?? [], talk.spoken, now).every(text => text === '');

/** Ends the reply: what was heard by `at` stays, what was not heard at all was never said. */
export function closeReply(moment: Moment, at: number): void {
  const { talk, commands } = moment;
  const { reply } = talk;
  if (!reply) return;
  noteHeard(moment, at);
  const said = talk.entries.filter(entry => entry.who === 'assistant' && entry.turn === reply.turn);
  const latency = measured(reply);
  if (latency) commands.push({ do: 'measure', latency });
  changeEntries(moment, entry => {
    if (entry.who !== 'assistant' || entry.turn !== reply.turn) return entry;
    if (entry.heard === '') return undefined;
    const interrupted = entry.heard !== entry.text && { interrupted: true as const };
    return { ...entry, ended_at: at, ...interrupted, ...(entry === said[0] && latency && { latency }) };
  });
  delete talk.reply;
}

/** The model has more to say, now or when its tools have answered. */
export const isUnfinished = ({ open, called }: Reply): boolean => open || called > 0;

/** Only an answer whose sound has left has latencies worth the name. */
function measured({ kind, latency }: Reply): Latency | undefined {
  return kind === 'reply' && latency.first_audio_ms !== undefined ? latency : undefined;
}

/** Adds a piece's text to the entry of this turn, a new one if something else was entered since; its place. */
function extendEntry({ talk, now }: Moment, { turn, kind }: Reply, text: string): number {
  const last = talk.entries.at(-1);
  const own = last?.who === 'assistant' && last.turn === turn ? last : undefined;
  const entry: AssistantEntry = own
    ? { ...own, text: `${own.text} ${text}` }
    : { who: 'assistant', kind, turn, at: now, text, heard: '' };
  if (own) talk.entries.pop();
  return talk.entries.push(entry) - 1;
}
