/**
 * A message of the carrier. A frame is parsed and appended, nothing else, and no line is written for it; everything
 * else is noted for the session. What is no message of a stream is counted and forgotten, and so is what a socket
 * that was turned away still sends.
 */
import type { MediaContext } from '../app/media-context.ts';
import { laneOf } from '../media/frame-log.ts';
import { readStreamName } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';
import { METRICS } from '../platform/names.ts';
import { type Media, readStreamEvent } from '../vobiz/stream-events.ts';
import { createCourses, type GoesBack } from './course.ts';
import { createPulse, PULSE_FRAMES, type Pulse } from './pulse.ts';
import { type Remembered, remembered } from './remembered.ts';
import { start } from './start.ts';
import { type StreamOf, streamByConnection } from './stream-of.ts';
import { createTally, type Tally } from './tally.ts';

export interface Receiving {
  context: MediaContext;
  tally: Tally;
  streamOf: StreamOf;
  pulse: Pulse;
  goesBack: GoesBack;
  /** Sockets that were closed for what they said. */
  turnedAway: Remembered<true>;
}

export function receiving(context: MediaContext): Receiving {
  const streamOf = streamByConnection(context);
  return {
    context,
    tally: createTally(context.now),
    streamOf,
    pulse: createPulse(context, streamOf),
    goesBack: createCourses(),
    turnedAway: remembered(),
  };
}

/**
 * @param at when it reached us, epoch ms
 * @returns what became of it, in a word
 */
export async function receive(
  container: Receiving,
  connection: string,
  body: string,
  at: number,
): Promise<string> {
  const { context, tally, turnedAway } = container;
  const reading = readStreamEvent(body);
  if (!reading.ok) {
    tally.count(METRICS.streamMessagesIgnored);
    return reading.reason;
  }
  const { event } = reading;
  if (turnedAway.get(connection)) return 'turned_away';
  if (event.event === 'media') return frame(container, connection, event, at);
  if (event.event === 'start') {
    if (await start(context, connection, event)) return 'started';
    turnedAway.set(connection, true);
    return 'another_call';
  }
  await context.streams.log.note(connection, event, at);
  return 'noted';
}

async function frame(container: Receiving, connection: string, event: Media, at: number): Promise<string> {
  const track = event.track === 'outbound' ? 'outbound' : 'inbound';
  // To a conversation its own voice would come back; a transcript has both.
  if (track === 'outbound' && !(await isTranscribed(container, connection))) return 'our_own';
  const { streams } = container.context;
  const lane = laneOf(connection, track);
  const received = streams.log.frame(event.sequence, event.payload, at);
  if (!received.unnumbered && container.goesBack(lane, received.sequence))
    return countsAnew(container, connection);
  await streams.log.append(lane, received);
  if (received.sequence % PULSE_FRAMES === 0) await feel(container, connection);
  return 'stored';
}

async function isTranscribed({ streamOf }: Receiving, connection: string): Promise<boolean> {
  const stream = await streamOf(connection);
  return stream !== undefined && readStreamName(stream).kind === 'transcript';
}

/** The frame is stored, whatever becomes of the pulse. */
async function feel({ pulse, tally }: Receiving, connection: string): Promise<void> {
  try {
    await pulse(connection);
  } catch (error) {
    tally.failed('The pulse of a call could not be felt; the next comes in a second', error);
  }
}

/** The carrier opens another socket, whose numbers do not meet the old ones. */
async function countsAnew({ context, turnedAway }: Receiving, connection: string): Promise<string> {
  turnedAway.set(connection, true);
  log.warn('The numbers of a stream have gone back: its socket is closed, for the carrier to open another', {
    connection,
  });
  await context.sockets.close(connection);
  return 'counts_anew';
}
