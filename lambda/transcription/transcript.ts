/**
 * A transcription as a value: how many entries it has, and where it stands on each side. What is heard makes entries,
 * numbered in one row whoever speaks; an entry never changes once it is made, and its number is its name for whoever is
 * told of it. Plain JSON.
 */
import { NOTHING_HEARD, type Spotting, spot, type Words } from './spotting.ts';
import { wordsOf } from './words.ts';

/** The one at the other end of the line, and whatever they hear: an agent, an assistant, our own announcements. */
export const SIDES = ['caller', 'agent'] as const;
export type Side = (typeof SIDES)[number];

/** `either`: in a recording that holds both sides in one. */
export const SPEAKERS = [...SIDES, 'either'] as const;
export type Speaker = (typeof SPEAKERS)[number];

export type Entry = {
  /** 1 for the first. */
  n: number;
  who: Speaker;
  /** Epoch ms: when it began to be said, when the phrase was there, since when nothing is understood. */
  at: number;
} & (
  | { kind: 'speech'; text: string; ended_at: number }
  /** `keyword`: its place in the list that was given. `text`: what was said around it, as understood by then. */
  | { kind: 'keyword'; keyword: number; phrase: string; text: string }
  /** From here on nothing of this side is understood, until its next speech. */
  | { kind: 'gap' }
);

export interface Transcript {
  entries: number;
  spotting: Partial<Record<Side, Spotting>>;
  /** All has been heard that there was. */
  ended_at?: number;
}

export interface Heard {
  transcript: Transcript;
  entries: Entry[];
}

export const EMPTY: Transcript = { entries: 0, spotting: {} };

/** @param phrases of the keywords, in the order of their list */
export function hear(transcript: Transcript, who: Side, words: Words, phrases: readonly string[]): Heard {
  const { text, final, began_at: at, ended_at } = words;
  if (text === '') return { transcript, entries: [] };
  const wanted = phrases.map(wordsOf);
  const { after, hits } = spot(transcript.spotting[who] ?? NOTHING_HEARD, words, wanted);
  let n = transcript.entries;
  const entries: Entry[] = [
    ...(final ? [{ kind: 'speech' as const, n: ++n, who, at, ended_at, text }] : []),
    ...hits.map(keyword => ({
      kind: 'keyword' as const,
      n: ++n,
      who,
      at: ended_at,
      keyword,
      phrase: phrases[keyword] ?? '',
      text,
    })),
  ];
  const spotting = { ...transcript.spotting, [who]: after };
  return { transcript: { ...transcript, entries: n, spotting }, entries };
}

/** Nothing of one side is understood any more, for the time being. */
export function loseTrack(transcript: Transcript, who: Side, now: number): Heard {
  const n = transcript.entries + 1;
  return { transcript: { ...transcript, entries: n }, entries: [{ kind: 'gap', n, who, at: now }] };
}
