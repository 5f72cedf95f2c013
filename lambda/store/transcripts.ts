/**
 * Transcriptions, beside their calls in the calls table: one item says how far each is, and each entry is an item of
 * its own, so that a long call costs no more by the minute than a short one.
 *
 *   CALL#<id>  TRANSCRIPT#<name>            how far it is, for whoever goes on with it
 *   CALL#<id>  TRANSCRIPT#<name>#<number>   an entry, and when its webhook took the news
 *
 * `name`: 1 for the call's first live transcription, 2 for the next; `R<id>/<language>` for that of a recording. New entries are
 * written with what they make of the whole, or not at all; entries beyond its count were never told to anybody, and
 * are none. A session that has been succeeded cannot write, and nobody can once the call has been erased.
 */
import type { Track } from '../media/frame-log.ts';
import { DAY_MS } from '../platform/time.ts';
import type { Entry, Transcript } from '../transcription/transcript.ts';
import { callKey } from './calls.ts';
import type { StreamPlace } from './conversations.ts';
import { type Condition, type Item, isNew, type Key, type Table, type TransactItem } from './table.ts';

export interface SavedTranscript {
  transcript: Transcript;
  place?: StreamPlace;
  /** The last sequences of that stream, by track, that a successor need not hear. */
  after?: Partial<Record<Track, number>>;
}

/** `told_at`: everybody whom it concerns has been told, or that was given up. */
export type StoredEntry = Entry & { told_at?: number };

/** A transcription as a whole. */
export interface TranscriptRecord {
  name: string;
  transcript: Transcript;
  entries: StoredEntry[];
}

/** Whose it is; `joined_at` decides how long it is kept. */
export interface Owner {
  id: string;
  joined_at: number;
}

/** Entries in one write; a transaction takes a hundred items. */
export const MOST_ENTRIES = 90;

const PREFIX = 'TRANSCRIPT#';

export const recordingName = (recording: string, language: string): string => `R${recording}/${language}`;

/** @returns null for a live transcription */
export const recordingOf = (name: string): string | null =>
  name.startsWith('R') ? name.slice(1, name.lastIndexOf('/')) : null;

const headKey = (call: string, name: string): Key => ({ pk: `CALL#${call}`, sk: PREFIX + name });

/** Numbers sort as they count; below the head, since `#` is lower than any character of a name. */
const entryKey = (call: string, name: string, n: number): Key => ({
  pk: `CALL#${call}`,
  sk: `${PREFIX}${name}#${String(n).padStart(6, '0')}`,
});

export type Transcripts = ReturnType<typeof transcripts>;

const EXISTS: Condition = { ConditionExpression: 'attribute_exists(pk)' };

const isUpTo = (generation: number): Condition => ({
  ConditionExpression: 'attribute_exists(pk) AND generation <= :mine',
  ExpressionAttributeValues: { ':mine': generation },
});

export function transcripts(table: Table, retentionDays: number) {
  const stillThere = (call: string): TransactItem => ({
    ConditionCheck: { TableName: table.name, Key: callKey(call), ...EXISTS },
  });

  // The record's own time begins when the call ends, which is within a day.
  const expiry = ({ joined_at }: Owner) => Math.ceil((joined_at + (retentionDays + 1) * DAY_MS) / 1000);

  async function all(call: string): Promise<Item[]> {
    const found: Item[] = [];
    const ofCall = {
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': `CALL#${call}`, ':from': PREFIX, ':to': `${PREFIX}~` },
    };
    for await (const item of table.query(ofCall)) found.push(item);
    return found;
  }

  /** Every transcription of a call with its entries, in order. */
  async function ofCall(call: string): Promise<TranscriptRecord[]> {
    const items = await all(call);
    const parts = items.map(item => ({ item, path: item.sk.slice(PREFIX.length).split('#') }));
    return parts
      .filter(({ path }) => path.length === 1)
      .map(({ item, path: [name = ''] }) => {
        const { transcript } = item as unknown as SavedTranscript;
        const entries = parts
          .filter(({ path: [of, n] }) => of === name && n !== undefined && Number(n) <= transcript.entries)
          .map(one => plain(one.item) as unknown as StoredEntry);
        return { name, transcript, entries };
      });
  }

  return {
    async load(call: string, name: string): Promise<SavedTranscript | undefined> {
      const item = await table.get(headKey(call, name));
      return item && (plain(item) as unknown as SavedTranscript);
    },

    /**
     * At most `MOST_ENTRIES`.
     * @returns false when a later generation has written, or the call has been erased
     * @throws an Error when another writer was in the way: try again
     */
    async save(owner: Owner, name: string, generation: number, saved: SavedTranscript, entries: Entry[]) {
      const key = headKey(owner.id, name);
      const before = await table.get(key);
      if (before && (before.generation as number) > generation) return false;
      const ttl = expiry(owner);
      const head = { Item: { ...key, ...saved, generation, ttl }, ...(before ? isUpTo(generation) : isNew) };
      const items = entries.map(entry => ({ Item: { ...entryKey(owner.id, name, entry.n), ...entry, ttl } }));
      const writes: TransactItem[] = [head, ...items].map(put => ({
        Put: { TableName: table.name, ...put },
      }));
      if (await table.transact(before ? writes : [...writes, stillThere(owner.id)])) return true;
      if (!before && !(await table.get(callKey(owner.id)))) return false;
      throw new Error('Another writer was in the way of a transcript.');
    },

    /** Whom it concerned knows of an entry, or will never. One that has been erased stays so. */
    async told(owner: Owner, name: string, entry: Entry, now: number): Promise<void> {
      const item = { ...entryKey(owner.id, name, entry.n), ...entry, told_at: now, ttl: expiry(owner) };
      await table.put(item, EXISTS);
    },

    ofCall,

    /** Of one transcription, in order. */
    entries: async (call: string, name: string): Promise<StoredEntry[]> =>
      (await ofCall(call)).find(one => one.name === name)?.entries ?? [],

    async erase(call: string): Promise<void> {
      for (const { pk, sk } of await all(call)) await table.remove({ pk, sk });
    },
  };
}

function plain({ pk: _pk, sk: _sk, ttl: _ttl, generation: _generation, ...rest }: Item) {
  return rest;
}
