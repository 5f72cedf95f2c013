import { afterEach, describe, expect, it } from 'vitest';
import type { StreamFaults } from '../../carrier/index.ts';
import { closeAll, oneCall } from './app.ts';
import { closeFarEnds, type Far, farEnd } from './far-end.ts';

afterEach(async () => {
  await closeAll();
  closeFarEnds();
});

/** The first two seconds of a stream that goes wrong like this. */
async function spoiled(stream: StreamFaults, act: (far: Far) => unknown = () => undefined, retries = 0) {
  const far = await farEnd(act);
  const attributes = `bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000" maxRetries="${retries}"`;
  const { call } = await oneCall(
    { '/answer': `<Response><Stream ${attributes} streamTimeout="2">${far.url}</Stream></Response>` },
    { speed: 10, stream, seed: 7 },
  );
  expect(far.failures).toEqual([]);
  const [first] = far.connections;
  if (!first) throw new Error('The carrier never opened the stream.');
  const chunks = first.of('media').map(({ media }) => media.chunk as number);
  return { call, far: first, connections: far.connections, chunks };
}

const inOrder = (chunks: number[]) => chunks.toSorted((a, b) => a - b);

describe('frames', () => {
  it('are lost and doubled in the share asked for, in order', async () => {
    const { chunks } = await spoiled({ loss: 0.2, duplicates: 0.2 });
    const different = new Set(chunks).size;
    expect(different).toBeGreaterThan(65);
    expect(different).toBeLessThan(95);
    expect(chunks.length - different).toBeGreaterThan(5);
    expect(chunks).toEqual(inOrder(chunks));
  });

  it('are swapped with the next one, none missing', async () => {
    const { chunks } = await spoiled({ swaps: 0.3 });
    expect(chunks).not.toEqual(inOrder(chunks));
    expect(chunks.filter((chunk, index) => Math.abs(chunk - (index + 1)) > 1)).toEqual([]);
  });

  it('are late by up to the jitter and overtake each other', async () => {
    const { chunks } = await spoiled({ jitterMs: 60 });
    const complete = chunks.filter(chunk => chunk <= 90);
    expect(complete).not.toEqual(inOrder(complete));
    expect(inOrder(complete)).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
    expect(complete.every((chunk, index) => Math.abs(chunk - (index + 1)) <= 3)).toBe(true);
  });

  it('come before start, and in another format than the document asked for', async () => {
    const { far } = await spoiled({
      mediaBeforeStart: 3,
      format: { encoding: 'audio/x-l16', rate: 16_000, order: 'le' },
    });
    expect(far.messages.slice(0, 4).map(({ event }) => event)).toEqual(['media', 'media', 'media', 'start']);
    expect(far.start.mediaFormat).toEqual({ encoding: 'audio/x-l16', sampleRate: 16_000 });
    expect(Buffer.from(far.of('media')[9]?.media.payload, 'base64')).toHaveLength(640);
  });
});

describe('the stream', () => {
  it('is lost after the time given for each connection', async () => {
    const { connections } = await spoiled({ dropsAfterMs: [200, 400] }, undefined, 3);
    expect(connections).toHaveLength(3);
    expect(connections.map(far => Math.round(far.of('media').length / 10))).toEqual([1, 2, 10]);
  });

  it('starts as another call', async () => {
    const { far } = await spoiled({ startsAs: 'another' });
    expect(far.start.callId).toBe('another');
  });

  it('ignores clearAudio, and forgets what was played', async () => {
    const { far, call } = await spoiled({ ignoresClear: true, forgetsPlayed: true }, far => {
      far.play('all of this is heard', 'end');
      far.tell('clearAudio');
    });
    expect(call.ear.text()).toBe('all of this is heard');
    expect([...far.of('clearedAudio'), ...far.of('playedStream')]).toEqual([]);
  });
});
