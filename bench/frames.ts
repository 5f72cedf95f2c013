/**
 * The path of a frame: what the `stream` function itself takes for one, with a table that costs nothing, and what
 * DynamoDB counts for a minute of a call on the local engine, beside the arithmetic of fifty frames a second, one
 * poll in 40 ms, and one renewal and one pulse a second.
 */
import type { MediaContext } from '../lambda/app/media-context.ts';
import type { FramesTable } from '../lambda/media/frames-table.ts';
import { streams } from '../lambda/media/streams.ts';
import { PULSE_FRAMES } from '../lambda/stream/pulse.ts';
import { createServe, type StreamRequest } from '../lambda/stream/serve.ts';
import { readStreamEvent } from '../lambda/vobiz/stream-events.ts';
import { testContext } from '../test/support/context.ts';
import { percentile, print } from './report.ts';

const ROUNDS = 20;
const FRAMES = 10_000;

const FRAME_MS = 20;
const POLL_MS = 40;
/** The session renews its lease, and the frames look after it. */
const SECOND_MS = 1000;
/** Counted for so long, told per minute. */
const SPAN_MS = 20_000;
const MINUTE_MS = 60_000;
/** List prices of on-demand capacity, us-east-1, dollars per unit. */
const PRICE = { write: 0.625e-6, read: 0.125e-6 };

export async function benchFrames(): Promise<void> {
  const { reading, whole } = await ownShare();
  print('A frame in the stream function: our own share, p50 of batches', [
    {
      what: 'the whole handler, with a table that costs nothing',
      value: whole,
      unit: 'µs',
      against: { name: 'reading the message alone', value: reading },
    },
  ]);
  const { frames, pulses, polls, renewals } = await countedMinute();
  const times = (ms: number) => ({ name: 'arithmetic', value: MINUTE_MS / ms });
  const dollars = (write: number, read: number) => 100_000 * (write * PRICE.write + read * PRICE.read);
  const listed = dollars(MINUTE_MS / FRAME_MS, MINUTE_MS / POLL_MS);
  print('DynamoDB, one minute of a call in the frame log', [
    { what: 'frames', value: frames, unit: 'WRU', against: times(FRAME_MS) },
    { what: 'polls', value: polls, unit: 'RRU', against: times(POLL_MS) },
    { what: 'renewals of the lease', value: renewals, unit: 'WRU', against: times(SECOND_MS) },
    { what: 'pulses', value: pulses, unit: 'RRU', against: times(SECOND_MS) },
    {
      what: 'all of it, 100,000 minutes',
      value: dollars(frames + renewals, polls + pulses),
      unit: '$',
      against: { name: 'frames and polls alone', value: listed },
    },
  ]);
}

/** Microseconds for each frame. */
async function ownShare(): Promise<{ reading: number; whole: number }> {
  const put = async () => true;
  const table = { name: 'Frames', put } as unknown as FramesTable;
  const serve = createServe({ streams: streams(table), now: Date.now } as MediaContext);
  // No number calls for the pulse, which is no part of a frame.
  const requests = Array.from({ length: FRAMES }, (_, at) =>
    frameRequest('a-connection=', at * PULSE_FRAMES + 1),
  );
  const reading: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    for (const { body } of requests) readStreamEvent(body ?? '');
    const read = performance.now();
    for (const request of requests) await serve(request);
    reading.push(((read - began) * 1000) / FRAMES);
    whole.push(((performance.now() - read) * 1000) / FRAMES);
  }
  return { reading: percentile(reading, 0.5), whole: percentile(whole, 0.5) };
}

/** Units of each part of a minute. Whose session it is, is a container's only question about a call and not counted. */
async function countedMinute() {
  const context = await testContext();
  const { leases, log } = context.streams;
  const [call, connection] = ['6f2f5f0e-5a53-4c7c-9d0e-2f54c1f3a001', 'Lq3xYfW0oAMCJcQ='];
  await context.streams.reserve('token', { stream: call, carrier_call: call }, context.time);
  await leases.take(call, 1, 'session', context.time);
  const serve = createServe(context);
  const requestContext = { routeKey: '$connect', connectionId: connection };
  await serve({ requestContext, queryStringParameters: { token: 'token' } });
  await serve(frameRequest(connection, 0));

  const counted = async (work: Promise<unknown>) => {
    const before = context.dynamo.capacity();
    await work;
    const { read, write } = context.dynamo.capacity();
    return { read: read - before.read, write: write - before.write };
  };
  const units = { frames: 0, pulses: 0, polls: 0, renewals: 0 };
  for (let ms = FRAME_MS; ms <= SPAN_MS; ms += FRAME_MS) {
    context.time += FRAME_MS;
    const sequence = ms / FRAME_MS;
    const frame = await counted(serve(frameRequest(connection, sequence)));
    units.frames += frame.write;
    units.pulses += frame.read;
    if (ms % POLL_MS === 0)
      units.polls += (await counted(log.read(connection, sequence - POLL_MS / FRAME_MS))).read;
    if (ms % SECOND_MS === 0)
      units.renewals += (await counted(leases.renew(call, 1, 'session', context.time))).write;
  }
  await context.stop();
  const perMinute = (counted: number) => (counted * MINUTE_MS) / SPAN_MS;
  return {
    frames: perMinute(units.frames),
    pulses: perMinute(units.pulses),
    polls: perMinute(units.polls),
    renewals: perMinute(units.renewals),
  };
}

function frameRequest(connectionId: string, chunk: number): StreamRequest {
  const payload = Buffer.alloc(160, chunk).toString('base64');
  const media = { track: 'inbound', timestamp: '1778597597091', chunk, payload };
  const streamId = 'c4dfd815-6a3c-4c9f-8a1e-0d5b7b6a2f10';
  return {
    requestContext: { routeKey: 'media', connectionId },
    body: JSON.stringify({ sequenceNumber: chunk, streamId, event: 'media', media, extra_headers: '{}' }),
  };
}
