/**
 * A message of the carrier. A frame is parsed and appended, nothing else, and no line is written for it; everything
 * else is noted for the session. What is no message of a stream is counted and forgotten.
 */
import type { MediaContext } from '../app/media-context.ts';
import { METRICS } from '../platform/names.ts';
import { type Media, readStreamEvent } from '../vobiz/stream-events.ts';
import { PULSE_FRAMES, type Pulse } from './pulse.ts';
import { start } from './start.ts';
import type { Tally } from './tally.ts';

export interface Receiving {
  context: MediaContext;
  tally: Tally;
  pulse: Pulse;
}

/**
 * @param at when it reached us, epoch ms
 * @returns what became of it, in a word
 */
export async function receive(
  receiving: Receiving,
  connection: string,
  body: string,
  at: number,
): Promise<string> {
  const { context, tally } = receiving;
  const reading = readStreamEvent(body);
  if (!reading.ok) {
    tally.count(METRICS.streamMessagesIgnored);
    return reading.reason;
  }
  const { event } = reading;
  if (event.event === 'media') return frame(receiving, connection, event, at);
  if (event.event === 'start') return (await start(context, connection, event)) ? 'started' : 'another_call';
  await context.streams.log.note(connection, event, at);
  return 'noted';
}

async function frame(
  { context, pulse }: Receiving,
  connection: string,
  event: Media,
  at: number,
): Promise<string> {
  // With both tracks on one socket ours come back; each has numbers of its own.
  if (event.track === 'outbound') return 'our_own';
  const { log } = context.streams;
  const received = log.frame(event.sequence, event.payload, at);
  await log.append(connection, received);
  if (received.sequence % PULSE_FRAMES === 0) await pulse(connection);
  return 'stored';
}
