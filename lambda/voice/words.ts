/**
 * The caller's words. They gather in `utterance` and become an entry when the turn has ended; while the assistant
 * has the turn they either take it from there (barge-in.ts) or are an aside, which is forgotten a second later unless
 * the assistant has finished meanwhile: then it was an answer.
 */
import { think } from './asking.ts';
import { cutOff, takesTurn } from './barge-in.ts';
import type { ConversationEvent, Utterance } from './conversation.ts';
import { endOfTurn, textOf } from './end-of-turn.ts';
import { canStay } from './leaving.ts';
import type { Moment, Timer } from './moment.ts';
import { addsNothing, canRevise, confirm, joined, newWords, repeated } from './repeats.ts';

/** An aside is an answer if the assistant ends within this time after it. */
const ASIDE_MS = 1000;

type Transcript = Extract<ConversationEvent, { type: 'transcript' }>;

export function hear(moment: Moment, transcript: Transcript): void {
  const { talk, settings } = moment;
  if (talk.phase === 'over' || (talk.phase === 'leaving' && !canStay(moment))) return;
  if (talk.phase === 'thinking' && settings.interruption.thinking === 'off') return;
  const turn = repeated(talk, transcript);
  if (!turn) gather(moment, transcript);
  else if (!talk.utterance && addsNothing(turn, transcript)) confirm(moment, turn, transcript);
  else if (talk.utterance ? talk.utterance.revises : canRevise(moment, turn))
    gather(moment, transcript, true);
  else gather(moment, { ...transcript, began_at: turn.ended_at, text: newWords(turn.text, transcript.text) });
  if (talk.utterance && takesTurn(moment, textOf(talk.utterance))) cutOff(moment);
}

export function hearPause({ talk }: Moment): void {
  if (talk.utterance) talk.utterance.closed = true;
}

/** The turn has ended: what was said is entered, joined to what the caller said before if nobody answered that. */
export function commit(moment: Moment, text: string): void {
  const { talk, now, commands } = moment;
  const { utterance } = talk;
  const last = talk.entries.at(-1);
  const before = last?.who === 'caller' ? last : undefined;
  const kept = utterance?.revises ? before?.certain : before?.text;
  const isUncertain = utterance && utterance.interim !== '' && text === textOf(utterance);
  if (before) talk.entries.pop();
  talk.entries.push({
    who: 'caller',
    at: before?.at ?? utterance?.began_at ?? now,
    ended_at: utterance?.last_word_at ?? now,
    text: joined(kept, text),
    ...(isUncertain && { certain: joined(kept, ...utterance.finals) }),
  });
  talk.prompts = 0;
  think(moment, utterance);
  forget(moment);
  commands.push({ do: 'persist' });
}

/** The caller's turn ends; with keys pressed, those decide. */
export const turnEnd: Timer = {
  due: ({ phase, utterance, digits }) =>
    phase === 'listening' && utterance && digits.length === 0 ? endOfTurn(utterance) : undefined,
  act: moment => {
    if (moment.talk.utterance) commit(moment, textOf(moment.talk.utterance));
  },
};

/** What was said aside while the assistant had the turn is over and done with. */
export const asideEnd: Timer = {
  due: ({ phase, utterance }) => {
    if (!utterance || (phase !== 'thinking' && phase !== 'speaking' && phase !== 'leaving')) return undefined;
    return Math.max(utterance.last_word_at, utterance.updated_at) + ASIDE_MS;
  },
  act: moment => forget(moment),
};

/** Words of the caller that nobody answered, since the answer was cut off before anything of it was heard. */
export const unanswered: Timer = {
  due: ({ phase, utterance, digits, entries, quiet_since = 0 }) =>
    phase === 'listening' && !utterance && digits.length === 0 && entries.at(-1)?.who === 'caller'
      ? quiet_since + 1500
      : undefined,
  act: moment => think(moment),
};

function gather(
  moment: Moment,
  { text: spoken, final, speech_final, ...times }: Transcript,
  revises = false,
): void {
  const { talk, now, commands } = moment;
  const text = spoken.trim();
  const began_at = Math.min(times.began_at ?? now, now);
  const utterance: Utterance = talk.utterance ?? {
    finals: [],
    interim: '',
    began_at,
    last_word_at: now,
    updated_at: now,
    ...(revises && { revises }),
  };
  utterance.interim = final ? '' : text;
  if (final && text !== '') {
    utterance.finals.push(text);
    // Its audio is not heard again by a session that goes on from here.
    commands.push({ do: 'persist' });
  }
  if (text !== '') {
    utterance.last_word_at = Math.min(times.ended_at ?? now, now);
    utterance.updated_at = now;
    talk.quiet_since = now;
    delete utterance.final_at;
    delete utterance.closed;
  }
  if (speech_final) utterance.final_at ??= now;
  if (textOf(utterance) === '') forget(moment);
  else talk.utterance = utterance;
}

function forget({ talk }: Moment): void {
  delete talk.utterance;
}
