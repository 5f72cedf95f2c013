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

/** @returns what became of it, in a word */
export async function receive(receiving: Receiving, connection: string, body: string): Promise<string> {
  const { context, tally } = receiving;
  const reading = readStreamEvent(body);
  if (!reading.ok) {
    tally.count(METRICS.streamMessagesIgnored);
    return reading.reason;
  }
  const { event } = reading;
  if (event.event === 'media') return frame(receiving, connection, event);
  if (event.event === 'start') return (await start(context, connection, event)) ? 'started' : 'another_call';
  await context.streams.log.note(connection, event, context.now());
  return 'noted';
}

async function frame({ context, pulse }: Receiving, connection: string, event: Media): Promise<string> {
  // With both tracks on one socket ours come back; each has numbers of its own.
  if (event.track === 'outbound') return 'our_own';
  const { log } = context.streams;
  const received = log.frame(event.sequence, event.payload, context.now());
  await log.append(connection, received);
  if (received.sequence % PULSE_FRAMES === 0) await pulse(connection);
  return 'stored';
}
