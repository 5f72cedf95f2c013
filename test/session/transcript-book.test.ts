/** What is heard is written down in order, over failures, and nothing more once the book is closed. */
import '../support/quiet.ts';
import { beforeEach, expect, it } from 'vitest';
import { book } from '../../lambda/session/transcript-book.ts';
import { MOST_ENTRIES, type SavedTranscript } from '../../lambda/store/transcripts.ts';
import { EMPTY, type Entry, hear } from '../../lambda/transcription/transcript.ts';

let written: { saved: SavedTranscript; entries: Entry[] }[];
let told: number[];
let superseded: number;
let tries: number;
/** What becomes of the n-th try. */
let write: (n: number) => Promise<boolean> | boolean;

beforeEach(() => {
  written = [];
  told = [];
  superseded = 0;
  tries = 0;
  write = () => true;
});

const open = () =>
  book({
    before: undefined,
    standing: () => ({ after: { inbound: tries } }),
    async write(saved, entries) {
      const isMine = await write(++tries);
      if (isMine) written.push({ saved, entries });
      return isMine;
    },
    onStored: ({ n }) => told.push(n),
    onSuperseded: () => superseded++,
    pause: () => new Promise(resolve => setImmediate(resolve)),
  });

function say(pages: ReturnType<typeof book>, ...texts: string[]): void {
  for (const text of texts)
    pages.note(hear(pages.transcript, 'caller', { text, final: true, began_at: 1, ended_at: 2 }, []));
}

const refused = () => Promise.reject(new Error('The store is away.'));
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve));
};

it('tells what is stored, in order, and tries again what is not', async () => {
  write = n => (n <= 2 ? refused() : true);
  const pages = open();
  say(pages, 'one', 'two');
  expect(await pages.settle()).toBe(true);
  expect(told).toEqual([1, 2]);
  expect(written.flatMap(({ entries }) => entries.map(({ n }) => n))).toEqual([1, 2]);
  expect(written.at(-1)?.saved.transcript.entries).toBe(2);
});

it('writes much that has waited in several writes', async () => {
  const pages = open();
  say(pages, ...Array.from({ length: MOST_ENTRIES + 20 }, (_, at) => `word ${at}`));
  expect(await pages.settle()).toBe(true);
  expect(written.every(({ entries }) => entries.length <= MOST_ENTRIES)).toBe(true);
  expect(told).toEqual(Array.from({ length: MOST_ENTRIES + 20 }, (_, at) => at + 1));
  expect(written.at(-1)?.saved.transcript).toEqual({
    ...EMPTY,
    entries: MOST_ENTRIES + 20,
    spotting: pages.transcript.spotting,
  });
});

it('closed, it tries no more what cannot be stored', async () => {
  write = refused;
  const pages = open();
  say(pages, 'one');
  expect(await pages.settle()).toBe(false);
  await pages.close();
  const before = tries;
  say(pages, 'two');
  pages.mark();
  await turns(20);
  expect(tries).toBe(before);
  expect(told).toEqual([]);
});

it('is closed when what is under way has ended', async () => {
  let end = (_: boolean) => undefined as undefined;
  write = () =>
    new Promise(resolve => {
      end = isMine => void resolve(isMine);
    });
  const pages = open();
  say(pages, 'one');
  const closed = pages.close();
  end(true);
  await closed;
  expect(told).toEqual([1]);
});

it('of which a successor has written stores no more, and is settled at once', async () => {
  write = () => false;
  const pages = open();
  say(pages, 'one');
  await turns(2);
  say(pages, 'two');
  expect(await pages.settle()).toBe(false);
  expect([tries, superseded, told]).toEqual([1, 1, []]);
});
