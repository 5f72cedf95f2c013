/**
 * The transcription as it is written down: what is heard changes the value, and new entries are stored together with
 * the place up to which they cover the stream, one write at a time and in order. Only what is stored is told, so an
 * entry has one name for ever; what no entry covers is heard again by a successor. A write that fails is tried again
 * until the book is closed.
 */
import { log } from '../platform/log.ts';
import { MOST_ENTRIES, type SavedTranscript } from '../store/transcripts.ts';
import { EMPTY, type Entry, type Heard, type Transcript } from '../transcription/transcript.ts';

const AGAIN_MS = 500;
const ATTEMPTS_AT_THE_END = 5;

export interface Book {
  /** As of now. */
  readonly transcript: Transcript;
  note(heard: Heard): void;
  /** Store the place, which moves on in silence, too. */
  mark(): void;
  /** @returns whether all is stored */
  settle(): Promise<boolean>;
  /** Write nothing more; the rest is for a successor. Resolves when nothing is under way. May be repeated. */
  close(): Promise<void>;
}

interface Surroundings {
  /** As a predecessor left it. */
  before: Transcript | undefined;
  /** How much of the stream the value covers. */
  standing(): Omit<SavedTranscript, 'transcript'>;
  /** @returns false when a later session has written: nothing more is written then */
  write(saved: SavedTranscript, entries: Entry[]): Promise<boolean>;
  onStored(entry: Entry): void;
  onSuperseded(): void;
  pause(ms: number): Promise<void>;
}

/** What is to be written together or not at all. */
interface Step {
  saved: SavedTranscript;
  entries: Entry[];
}

export function book({ before = EMPTY, standing, write, ...around }: Surroundings): Book {
  let transcript = before;
  let steps: Step[] = [];
  let running: Promise<void> | undefined;
  let isClosed = false;
  let failures = 0;

  async function run(): Promise<void> {
    while (steps.length > 0 && !isClosed) {
      const count = inOneWrite(steps);
      const entries = steps.slice(0, count).flatMap(step => step.entries);
      const saved = steps[count - 1]?.saved;
      if (saved && (await stored(saved, entries))) {
        steps = steps.slice(count);
        for (const entry of entries) around.onStored(entry);
      }
    }
    running = undefined;
  }

  async function stored(saved: SavedTranscript, entries: Entry[]): Promise<boolean> {
    try {
      const isMine = await write(saved, entries);
      failures = 0;
      if (isMine) return true;
      isClosed = true;
      around.onSuperseded();
      return false;
    } catch (error) {
      failures++;
      log.error('A transcript could not be stored; again in a moment', error);
      await around.pause(AGAIN_MS);
      return false;
    }
  }

  const push = (entries: Entry[]) => {
    steps.push({ saved: { transcript, ...standing() }, entries });
    if (!isClosed) running ??= run();
  };

  return {
    get transcript() {
      return transcript;
    },
    note(heard) {
      transcript = heard.transcript;
      if (heard.entries.length > 0) push(heard.entries);
    },
    mark: () => push([]),
    async settle() {
      push([]);
      failures = 0;
      while (running && failures < ATTEMPTS_AT_THE_END) await Promise.race([running, around.pause(AGAIN_MS)]);
      return steps.length === 0;
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}

/** How many steps fit into one write: at least one, which no sentence of a person exceeds. */
function inOneWrite(steps: Step[]): number {
  const sizes = steps.map((_, at) => steps.slice(0, at + 1).flatMap(step => step.entries).length);
  const tooMany = sizes.findIndex(size => size > MOST_ENTRIES);
  return tooMany < 0 ? steps.length : Math.max(1, tooMany);
}
