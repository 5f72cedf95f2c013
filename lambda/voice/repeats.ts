/**
 * Words that were heard before. A transcriber sends a stretch of speech again when it knows better, also after the
 * first hearing has been taken for the caller's turn; no word may count twice for that.
 */
import { wordsOf } from './back-channel.ts';
import type { CallerEntry, Conversation, ConversationEvent } from './conversation.ts';
import { changeEntries, type Moment } from './moment.ts';
import { isUnheard } from './reply.ts';

/** How far the times of the same word may differ between two transcripts of it. */
const SAME_WORD_MS = 100;

type Transcript = Extract<ConversationEvent, { type: 'transcript' }>;

/** The caller's last turn, if this transcript begins inside it. */
export function repeated({ entries }: Conversation, { began_at }: Transcript): CallerEntry | undefined {
  const last = entries.findLast(entry => entry.who === 'caller');
  return last && began_at !== undefined && began_at < last.ended_at - SAME_WORD_MS ? last : undefined;
}

/** Says this transcript nothing beyond that turn? */
export const addsNothing = (turn: CallerEntry, { text, ended_at = Infinity }: Transcript): boolean =>
  ended_at <= turn.ended_at + SAME_WORD_MS || newWords(turn.text, text) === '';

/** May the turn still be put right: was it uncertain, and has nothing of an answer been heard? */
export function canRevise(moment: Moment, turn: CallerEntry): boolean {
  const { entries, reply } = moment.talk;
  const since = entries.slice(entries.indexOf(turn) + 1);
  const isAnswer = since.every(entry => entry.who === 'assistant' && entry.turn === reply?.turn);
  return turn.certain !== undefined && isAnswer && isUnheard(moment);
}

/** A final transcript of words that had been uncertain: what comes next replaces only the others. */
export function confirm(moment: Moment, turn: CallerEntry, { text, final }: Transcript): void {
  if (!final || turn.certain === undefined) return;
  const certain = joined(turn.certain, text.trim());
  changeEntries(moment, entry => (entry === turn ? { ...turn, certain } : entry));
}

export const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' ');

/** What a text says after its longest stretch that ends the known one; all of it, if there is none. */
export function newWords(known: string, text: string): string {
  const heard = tokens(known).map(plain);
  const said = tokens(text);
  const words = said.map(plain);
  for (let from = 0; from < heard.length; from++) {
    const end = heard.slice(from);
    const at = words.findIndex((_word, start) => end.every((word, place) => words[start + place] === word));
    if (at !== -1) return said.slice(at + end.length).join(' ');
  }
  return text;
}

const tokens = (text: string) => text.split(/\s+/).filter(token => token !== '');

const plain = (token: string) => wordsOf(token).join(' ');
