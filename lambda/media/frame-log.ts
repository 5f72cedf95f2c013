/**
 * The frame log: what the carrier sent on each connection, as items that a session polls. A frame's key is its place
 * in the stream, so order and repetition are settled by the key; other events follow far behind all frames, in order
 * of arrival, and are removed once they have been dealt with, so that a poll stays one read unit.
 *
 *   <connection>  <sequence>                       {audio, at}: a frame
 *   <connection>  UNNUMBERED_BASE.. by arrival     {audio, at}: a frame of a carrier that does not number them
 *   <connection>  EVENT_BASE..      by arrival     {event, at}: start, dtmf, playedStream, clearedAudio, stop, closed
 *
 * Where a connection carries both sides, what the caller hears is in a lane of its own, since its frames may have the
 * same numbers: `<connection>#outbound`, frames only.
 */
import { randomInt, randomUUID } from 'node:crypto';
import type { Media, StreamEvent } from '../vobiz/stream-events.ts';
import { expiresAfter, type FrameItem, type FramesTable } from './frames-table.ts';

export interface Frame {
  /** Place in the stream; of an unnumbered frame, the order of arrival. */
  sequence: number;
  /** As the carrier sent it. */
  audio: Uint8Array;
  /** Received, epoch ms. */
  at: number;
  unnumbered?: true;
}

/** What happened on a connection beside frames. */
export interface Happening {
  id: number;
  /** Received, epoch ms. */
  at: number;
  event: Exclude<StreamEvent, Media> | { event: 'closed' };
}

export interface FrameReading {
  frames: Frame[];
  happenings: Happening[];
  /** How far it went. */
  after: number;
}

/** Whose voice a frame carries: that of the person on the line, or what they hear. */
export type Track = 'inbound' | 'outbound';

/** Where the frames of a track are. */
export const laneOf = (connection: string, track: Track): string =>
  track === 'inbound' ? connection : `${connection}#outbound`;

const FRAME_SECS = 600;
/** A frame may come later than its successors: so many places back are read again. */
export const LOOK_BACK = 12;
/** Places between two frames of one course, a second; a number further on may be a mistake of the carrier's. */
export const REACH = 50;
/** Of so many frames one is the newest, even if a few have strange numbers. */
const LAST_FEW = 8;
/** Keys by arrival: microseconds, of which the platform knows the thousands. */
const PER_MS = 1000;
const LOOK_BACK_MS = 60;
export const UNNUMBERED_BASE = 1e15;
export const EVENT_BASE = 4e15;

export type FrameLog = ReturnType<typeof frameLog>;

export function frameLog(table: FramesTable) {
  const arrival = arrivals();
  return {
    /** A frame to be appended. `sequence`: as the carrier numbered it, if it did; `at`: now, epoch ms. */
    frame(sequence: number | undefined, audio: Uint8Array, at: number): Frame {
      if (isPlace(sequence)) return { sequence, audio, at };
      return { sequence: UNNUMBERED_BASE + arrival(at), audio, at, unnumbered: true };
    },

    /** One write; a repetition replaces its like. @param lane `laneOf` the connection */
    async append(lane: string, { sequence, audio, at }: Frame): Promise<void> {
      await table.put({ pk: lane, sk: sequence, audio, at, ttl: expiresAfter(at, FRAME_SECS) });
    },

    /** Events of one container keep their order; those of two in the same millisecond do not meet on one key. */
    async note(connection: string, event: Happening['event'], at: number): Promise<void> {
      const item = { pk: connection, event, at, mark: randomUUID(), ttl: expiresAfter(at, FRAME_SECS) };
      while (!(await table.put({ ...item, sk: EVENT_BASE + arrival(at) }, mine(item.mark))));
    },

    /**
     * Strongly read, in order.
     * @param lane `laneOf` the connection
     * @param after what the reading before gave as `after`, -1 at first; some before it is given again
     */
    async read(lane: string, after: number): Promise<FrameReading> {
      const items = await table.query(itemsAfter(lane, after - lookBack(after)));
      const frames = items.filter(({ sk }) => sk < EVENT_BASE).map(toFrame);
      const happenings = items.filter(({ sk }) => sk >= EVENT_BASE).map(toHappening);
      return { frames, happenings, after: furthest(after, frames) };
    },

    /** When the last frame of either track was received, epoch ms; undefined when none has been. */
    async lastFrameAt(connection: string): Promise<number | undefined> {
      const frames = await Promise.all(lanesOf(connection).map(lane => table.query(lastOf(lane))));
      return frames
        .flat()
        .reduce<number | undefined>((last = 0, { at }) => Math.max(last, at as number), undefined);
    },

    /** All of a connection, as if it had never been. */
    async erase(connection: string): Promise<void> {
      const items = await Promise.all(lanesOf(connection).map(lane => table.query(itemsAfter(lane, -1))));
      await Promise.all(items.flat().map(({ pk, sk }) => table.remove({ pk, sk })));
    },

    /** These have been dealt with. */
    async forget(connection: string, happenings: Happening[]): Promise<void> {
      await Promise.all(happenings.map(({ id }) => table.remove({ pk: connection, sk: id })));
    },
  };
}

const lanesOf = (connection: string) => [laneOf(connection, 'inbound'), laneOf(connection, 'outbound')];

const itemsAfter = (lane: string, sortKey: number) => ({
  KeyConditionExpression: 'pk = :pk AND sk > :after',
  ExpressionAttributeValues: { ':pk': lane, ':after': sortKey },
});

const lastOf = (lane: string) => ({
  KeyConditionExpression: 'pk = :pk AND sk < :before',
  ExpressionAttributeValues: { ':pk': lane, ':before': EVENT_BASE },
  ScanIndexForward: false,
  Limit: LAST_FEW,
});

const isPlace = (number: number | undefined): number is number =>
  number !== undefined && Number.isSafeInteger(number) && number >= 0 && number < UNNUMBERED_BASE;

const lookBack = (after: number) => (after < UNNUMBERED_BASE ? LOOK_BACK : LOOK_BACK_MS * PER_MS);

/**
 * One frame without a number among those that have one does not make the reader leave their places behind, nor does
 * one whose number is far ahead: a jump counts once a second frame is there, too.
 */
function furthest(after: number, frames: Frame[]): number {
  const numbered = frames.filter(frame => !frame.unnumbered).map(({ sequence }) => sequence);
  const haveNumbers = numbered.length > 0 || (after >= 0 && after < UNNUMBERED_BASE);
  if (!haveNumbers) return frames.at(-1)?.sequence ?? after;
  const goesOn = (place: number, at: number) =>
    (numbered[at + 1] ?? Number.POSITIVE_INFINITY) - place <= REACH;
  return numbered.reduce(
    (last, place, at) => (place > last && (place - last <= REACH || goesOn(place, at)) ? place : last),
    after,
  );
}

/** A key that is free, or was taken by this very request, whose answer got lost. */
const mine = (mark: string) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR mark = :mark',
  ExpressionAttributeValues: { ':mark': mark },
});

/** The order of arrival as a number below 3e15: the time, then chance, and never backwards. */
function arrivals(): (at: number) => number {
  let last = 0;
  return at => {
    last = Math.max(at * PER_MS + randomInt(PER_MS), last + 1);
    return last;
  };
}

function toFrame({ sk: sequence, audio, at }: FrameItem): Frame {
  const frame = { sequence, audio: audio as Uint8Array, at: at as number };
  return sequence < UNNUMBERED_BASE ? frame : { ...frame, unnumbered: true };
}

const toHappening = ({ sk: id, at, event }: FrameItem): Happening => ({
  id,
  at: at as number,
  event: event as Happening['event'],
});
