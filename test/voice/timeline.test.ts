/** What was heard: whole pieces by checkpoint, the audible one by the clock, to the word. */
import { expect, test } from 'vitest';
import type { Piece } from '../../lambda/voice/conversation.ts';
import { heardOf, timeline } from '../../lambda/voice/timeline.ts';

const UNHEARD_VOICE = { chars: 0, ms: 0 };
/** Ten letters a second. */
const SLOW_VOICE = { chars: 100, ms: 10_000 };

const piece = (text: string, own: Partial<Piece> = {}): Piece => ({
  name: text,
  text,
  entry: 0,
  queued_at: 0,
  ...own,
});
const TEN_WORDS = 'one two six ten one two six ten one two';

test.each([
  ['nothing of a piece that has not started', {}, 5000, ''],
  ['nothing at its first moment', { started_at: 1000, audio_ms: 4000 }, 1000, ''],
  ['half of it at half time', { started_at: 1000, audio_ms: 4000 }, 3000, 'one two six ten one'],
  ['the word that is nearly over', { started_at: 1000, audio_ms: 4000 }, 3350, 'one two six ten one two'],
  ['not the word that has just begun', { started_at: 1000, audio_ms: 4000 }, 3100, 'one two six ten one'],
  ['all of it at the end', { started_at: 1000, audio_ms: 4000 }, 5000, TEN_WORDS],
  [
    'all of it once it was played, whatever the clock says',
    { started_at: 1000, audio_ms: 4000, played_at: 1100 },
    1100,
    TEN_WORDS,
  ],
  ['fifteen letters a second of an unknown voice', { started_at: 1000 }, 2000, 'one two six ten'],
] as const)('%s', (_what, own, now, expected) => {
  expect(heardOf([piece(TEN_WORDS, own)], UNHEARD_VOICE, now)).toEqual([expected]);
});

test.each([
  ['as far as time has gone', { posted_ms: 3900 }, 3000, 'one two six ten one'],
  ['no further than was posted', { posted_ms: 2000 }, 3350, 'one two six ten one'],
  ['no further than was posted, however late it is', { posted_ms: 2000 }, 60_000, 'one two six ten one'],
  ['all of it once all was posted', { posted_ms: 2000, sent_at: 4000 }, 5000, TEN_WORDS],
  ['all of it once it was played', { posted_ms: 2000, played_at: 6000 }, 6000, TEN_WORDS],
  ['nothing, if nothing was posted', { posted_ms: 0 }, 3000, ''],
] as const)('of a voice that falls behind: %s', (_what, own, now, expected) => {
  const pieces = [piece(TEN_WORDS, { started_at: 1000, audio_ms: 4000, ...own })];
  expect(heardOf(pieces, UNHEARD_VOICE, now)).toEqual([expected]);
});

test('the pace of a voice is known from what it has said', () => {
  expect(heardOf([piece(TEN_WORDS, { started_at: 1000 })], SLOW_VOICE, 2000)).toEqual(['one two six']);
});

test('a piece is audible when the one before it has ended, though it left earlier', () => {
  const pieces = [
    piece('first', { started_at: 1000, audio_ms: 2000 }),
    piece('second words', { started_at: 2700, audio_ms: 1000 }),
  ];
  expect(timeline(pieces, UNHEARD_VOICE)).toEqual([
    { begins: 1000, ends: 3000 },
    { begins: 3000, ends: 4000 },
  ]);
  expect(heardOf(pieces, UNHEARD_VOICE, 3000)).toEqual(['first', '']);
  expect(heardOf(pieces, UNHEARD_VOICE, 3500)).toEqual(['first', 'second']);
});

test('the carrier’s word sets the clock right, later and earlier', () => {
  const at = (played_at: number) => [
    piece('first', { started_at: 1000, audio_ms: 2000, played_at }),
    piece('second', { started_at: 2700, audio_ms: 1000 }),
  ];
  expect(timeline(at(3400), UNHEARD_VOICE)[1]).toEqual({ begins: 3400, ends: 4400 });
  expect(timeline(at(2800), UNHEARD_VOICE)[1]).toEqual({ begins: 2800, ends: 3800 });
});
