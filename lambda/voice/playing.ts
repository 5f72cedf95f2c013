/**
 * A reply on its way to the ear: what the voice and the carrier report of its pieces, and its end. A report that is
 * late, repeated or about a piece of another reply changes nothing; one that never comes is given up.
 */
import type { ConversationEvent, Piece, Reply } from './conversation.ts';
import { depart, fail } from './leaving.ts';
import type { Moment, Timer } from './moment.ts';
import { closeReply, isUnfinished, noteHeard, openReply, replyOf, speak } from './reply.ts';
import { timeline } from './timeline.ts';
import { fill, pieces } from './wording.ts';

/** How late the carrier's word of a piece that must have ended may be. */
const CHECKPOINT_MS = 1500;
/** Longest silence of the voice before a piece. Silence within one is told by `speech_failed` ... */
const VOICE_MS = 4000;
/** ... but no piece takes longer than this beyond its length. */
const PIECE_MS = 60_000;

type Of<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;

/** Says fixed sentences. */
export function say(moment: Moment, kind: Reply['kind'], text: string): void {
  const reply = openReply(moment, kind);
  for (const piece of pieces(fill(text, moment.talk))) speak(moment, reply, piece);
  moment.talk.phase = 'speaking';
}

export function speechBegun(moment: Moment, { piece: name, ms }: Of<'speech_begun'>): void {
  const [reply, piece] = find(moment, name);
  if (!reply || !piece) return;
  piece.begun_at ??= moment.now;
  if (piece === firstWords(reply)) reply.latency.first_byte_ms ??= ms;
}

export function speechDone(moment: Moment, { piece: name, audio_ms }: Of<'speech_done'>): void {
  const [, piece] = find(moment, name);
  if (piece) learnLength(moment, piece, audio_ms);
}

export function pieceStarted(moment: Moment, { piece: name, at }: Of<'piece_started'>): void {
  const { talk, now, commands } = moment;
  const [reply, piece] = find(moment, name);
  if (!reply || !piece || piece.started_at !== undefined) return;
  piece.started_at = Math.min(at ?? now, now);
  piece.begun_at ??= piece.started_at;
  if (talk.phase === 'thinking') talk.phase = 'speaking';
  if (piece === firstWords(reply)) {
    reply.latency.first_audio_ms = now - reply.decided_at;
    if (reply.caller_ended_at !== undefined) reply.latency.total_ms = now - reply.caller_ended_at;
  }
  beginEntry(moment, reply, piece);
  noteHeard(moment, now);
  commands.push({ do: 'persist' });
}

export function posted(moment: Moment, { piece: name, audio_ms }: Of<'posted'>): void {
  const [, piece] = find(moment, name);
  if (piece) piece.posted_ms = Math.max(piece.posted_ms ?? 0, audio_ms);
}

export function pieceSent(moment: Moment, { piece: name, audio_ms }: Of<'piece_sent'>): void {
  const { now, commands } = moment;
  const [, piece] = find(moment, name);
  if (!piece || piece.sent_at !== undefined) return;
  piece.started_at ??= now;
  piece.sent_at = now;
  learnLength(moment, piece, audio_ms);
  commands.push({ do: 'persist' });
}

/** Pieces are played in order: what comes before one that was played was played too. */
export function played(moment: Moment, { name, at }: Of<'played'>): void {
  const { now } = moment;
  const [reply, piece] = find(moment, name);
  if (!reply || piece?.started_at === undefined || piece.played_at !== undefined) return;
  for (const one of reply.pieces.slice(0, reply.pieces.indexOf(piece) + 1))
    one.played_at ??= Math.min(at ?? now, now);
  noteHeard(moment, now);
}

export function speechFailed(moment: Moment, { piece: name, reason }: Of<'speech_failed'>): void {
  const [, piece] = find(moment, name);
  if (piece && piece.audio_ms === undefined) fail(moment, `voice: ${reason}`);
}

/** A piece that must have been played, but the carrier did not say so. */
export const checkpointLate: Timer = {
  due: talk => {
    const [piece, ends] = current(talk);
    return piece?.sent_at === undefined ? undefined : ends + CHECKPOINT_MS;
  },
  act: ({ talk }) => {
    const [piece, ends] = current(talk);
    if (piece) piece.played_at = ends;
  },
};

/** A piece whose audio does not come, or does not end. */
export const voiceLate: Timer = {
  due: talk => {
    const [piece, , free] = current(talk);
    if (!piece || piece.sent_at !== undefined) return undefined;
    const patience = piece.begun_at === undefined ? VOICE_MS : (piece.audio_ms ?? 0) + PIECE_MS;
    return Math.max(piece.queued_at, free) + patience;
  },
  act: moment => {
    const [piece] = current(moment.talk);
    fail(moment, `voice: no ${piece?.begun_at === undefined ? 'audio' : 'end'}`);
  },
};

/** Everything has been said and heard. */
export const replyEnd: Timer = {
  due: ({ phase, reply }) => {
    if (phase !== 'thinking' && phase !== 'speaking' && phase !== 'leaving') return undefined;
    if (!reply || reply.open || reply.pieces.some(piece => piece.played_at === undefined)) return undefined;
    return phase !== 'leaving' && isUnfinished(reply) ? undefined : 0;
  },
  act: moment => {
    const { talk, now, commands } = moment;
    if (talk.phase === 'leaving' && talk.departure) return depart(moment, talk.departure);
    const at = talk.reply?.pieces.at(-1)?.played_at ?? now;
    closeReply(moment, at);
    talk.phase = 'listening';
    talk.quiet_since = at;
    commands.push({ do: 'persist' });
  },
};

function learnLength({ talk }: Moment, piece: Piece, audio_ms: number): void {
  if (piece.audio_ms !== undefined) return;
  piece.audio_ms = audio_ms;
  if (audio_ms === 0) return;
  talk.spoken.chars += piece.text.length;
  talk.spoken.ms += audio_ms;
}

/** The piece that is or will be audible next, when it ends, and when the one before it ended. */
function current({ phase, reply, spoken }: Moment['talk']): [Piece | undefined, number, number] {
  const list = phase === 'opening' ? [] : (reply?.pieces ?? []);
  const at = list.findIndex(piece => piece.played_at === undefined);
  const spans = timeline(list, spoken);
  return [list[at], spans[at]?.ends ?? 0, spans[at - 1]?.ends ?? 0];
}

function find(moment: Moment, name: string): [Reply | undefined, Piece | undefined] {
  const { reply } = moment.talk;
  const live = reply && replyOf(moment, reply.turn);
  return [live, live?.pieces.find(piece => piece.name === name)];
}

/** An entry is of the time when it is said, not when it was written. */
function beginEntry({ talk, now }: Moment, { pieces: list }: Reply, { name, entry: at }: Piece): void {
  const entry = talk.entries[at];
  if (entry && list.find(piece => piece.entry === at)?.name === name)
    talk.entries[at] = { ...entry, at: now };
}

const firstWords = ({ pieces: list }: Reply) => list.find(piece => !piece.filler);
