/** Stream messages as the carrier's documentation, its examples and other people's logs show them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStreamEvent } from '../../lambda/vobiz/stream-events.ts';

const STREAM = 'c4dfd815-0000-4000-8000-000000000001';
const CALL = '5401fd2e-8a2b-4c53-9d5e-0f6f1f2f3a4b';
const AUDIO = Uint8Array.from({ length: 160 }, (_, at) => at);
const payload = Buffer.from(AUDIO).toString('base64');
const MU_LAW = { encoding: 'mulaw', sampleRate: 8000 };

const read = (message: unknown) => readStreamEvent(JSON.stringify(message));
const start = (mediaFormat?: unknown) =>
  read({ event: 'start', start: { callId: CALL, streamId: STREAM, mediaFormat } });
const media = (inner: object, beside: object = {}) =>
  read({ event: 'media', streamId: STREAM, ...beside, media: { payload, ...inner } });

describe('start', () => {
  it('has its ids inside, as the platform sends it', () => {
    const reading = read({
      sequenceNumber: 0,
      event: 'start',
      start: {
        callId: CALL,
        streamId: STREAM,
        accountId: '500025',
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-l16', sampleRate: 16_000 },
      },
      extra_headers: '{}',
    });
    const format = { encoding: 'l16', sampleRate: 16_000 };
    const event = { event: 'start', callId: CALL, streamId: STREAM, tracks: ['inbound'], format };
    expect(reading).toEqual({ ok: true, event });
  });

  it('has its ids beside it, as the guide shows it, and no format: what was asked for', () => {
    const reading = read({
      event: 'start',
      streamId: 's-123',
      callId: 'c-456',
      mediaServer: 'vobiz-cloud-01',
    });
    const event = { event: 'start', callId: 'c-456', streamId: 's-123', format: MU_LAW };
    expect(reading).toEqual({ ok: true, event });
  });

  it.each([
    [{ encoding: 'audio/x-mulaw', sampleRate: 8000 }, MU_LAW],
    [{ encoding: 'audio/x-mulaw', sampleRate: '8000' }, MU_LAW],
    [{ encoding: 'audio/x-mulaw;rate=8000' }, MU_LAW],
    [{ encoding: 'audio/PCMU' }, MU_LAW],
    ['audio/x-mulaw', MU_LAW],
    ['audio/x-mulaw;rate=8000', MU_LAW],
    ['audio/x-l16;rate=16000', { encoding: 'l16', sampleRate: 16_000 }],
    [{ encoding: 'audio/x-alaw' }, { encoding: 'alaw', sampleRate: 8000 }],
    [
      { encoding: 'audio/x-l16', sampleRate: 8000 },
      { encoding: 'l16', sampleRate: 8000 },
    ],
    [{ encoding: 'audio/x-l16; rate=16000' }, { encoding: 'l16', sampleRate: 16_000 }],
    [
      { encoding: 'audio/x-l16;rate=8000', sampleRate: 24_000 },
      { encoding: 'l16', sampleRate: 24_000 },
    ],
  ])('%j is read', (given, format) => {
    expect(start(given)).toMatchObject({ ok: true, event: { format } });
  });

  it.each([
    [{ encoding: 'audio/opus', sampleRate: 48_000 }],
    [{ encoding: 'audio/x-mulaw', sampleRate: 'fast' }],
    [{ encoding: 'audio/x-l16', sampleRate: 1e9 }],
    [{ sampleRate: 8000 }],
    [{ encoding: 'audio/g729', sampleRate: 8000 }],
    ['audio/opus'],
    [7],
    [[]],
  ])('with the format %j it is a start all the same, of a stream that nobody can read', given => {
    const reading = start(given);
    expect(reading).toMatchObject({ ok: true, event: { event: 'start', callId: CALL, streamId: STREAM } });
    expect(reading.ok && reading.event).not.toHaveProperty('format');
  });

  it.each([
    [{ start: { streamId: STREAM } }],
    [{ start: { callId: CALL } }],
    [{ start: { callId: 7, streamId: STREAM } }],
    [{ start: { callId: CALL, streamId: 'x'.repeat(300) } }],
    [{ start: null }],
  ])('without both ids it is refused: %j', message => {
    expect(read({ event: 'start', ...message })).toEqual({ ok: false, reason: 'malformed' });
  });
});

describe('media', () => {
  it('is read as the platform sends it', () => {
    const inner = { track: 'inbound', timestamp: '1778597597091', chunk: 2 };
    const reading = media(inner, { sequenceNumber: 3, extra_headers: '{}' });
    const event = { event: 'media', streamId: STREAM, sequence: 2, timestamp: 1_778_597_597_091 };
    expect(reading).toEqual({ ok: true, event: { ...event, track: 'inbound', payload: AUDIO } });
  });

  it.each([
    ['chunk', media({ chunk: 42, chunkId: '7' }, { sequenceNumber: 8 })],
    ['chunk in digits', media({ chunk: '42' })],
    ['chunkId, as the guide shows it', media({ chunkId: '42' }, { sequenceNumber: 8 })],
    ['sequenceNumber', media({}, { sequenceNumber: 42 })],
    ['sequenceNumber in digits', media({ chunk: 'none' }, { sequenceNumber: '42' })],
  ])('is numbered by %s', (_, reading) => {
    expect(reading).toMatchObject({ ok: true, event: { sequence: 42 } });
  });

  it.each([
    [-1],
    [1.5],
    [1e15],
    ['-3'],
    ['4e9'],
    [''],
    [null],
    [{}],
  ])('has no number for the chunk %j', chunk => {
    const reading = media({ chunk });
    expect(reading.ok && 'sequence' in reading.event).toBe(false);
    expect(reading.ok).toBe(true);
  });

  it('needs nothing but its payload', () => {
    expect(read({ event: 'media', media: { payload } })).toEqual({
      ok: true,
      event: { event: 'media', payload: AUDIO },
    });
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['no string', 12],
    ['cut off', payload.slice(0, -1)],
    ['with a line end', `${payload.slice(0, 76)}\r\n${payload.slice(76)}`],
    ['base64url', '_-_-'],
    ['padded in the middle', 'AA==AAAA'],
    ['padding only', '===='],
    ['a data URL', `data:audio/basic;base64,${payload}`],
  ])('is refused with a payload that is %s', (_, wrong) => {
    expect(read({ event: 'media', media: { payload: wrong } })).toEqual({ ok: false, reason: 'malformed' });
  });

  it.each([
    [4095, true],
    [4096, true],
    [4097, false],
    [60_000, false],
  ])('of %d bytes: %s', (bytes, ok) => {
    const reading = read({ event: 'media', media: { payload: Buffer.alloc(bytes, 1).toString('base64') } });
    expect(reading).toMatchObject(ok ? { ok } : { ok, reason: 'oversized' });
  });
});

describe('the others', () => {
  it.each([
    [{ event: 'dtmf', dtmf: { track: 'inbound', digit: '5', timestamp: '1' }, streamId: STREAM }, '5'],
    [{ event: 'dtmf', digit: '#' }, '#'],
    [{ event: 'dtmf', dtmf: { digit: 0 } }, '0'],
    [{ event: 'dtmf', dtmf: { digit: 'a' } }, 'A'],
  ])('a key: %j', (message, digit) => {
    expect(read(message)).toEqual({ ok: true, event: { event: 'dtmf', digit } });
  });

  it.each([
    [{ event: 'playedStream', name: 'response-3' }],
    [{ event: 'playedStream', name: 'response-3', streamId: STREAM, sequenceNumber: 9 }],
  ])('a checkpoint that was reached: %j', message => {
    expect(read(message)).toEqual({ ok: true, event: { event: 'playedStream', name: 'response-3' } });
  });

  it.each(['clearedAudio', 'stop'])('%s, with or without what comes along', event => {
    const expected = { ok: true, event: { event } };
    expect(read({ event })).toEqual(expected);
    expect(read({ event, streamId: STREAM, sequenceNumber: 0 })).toEqual(expected);
  });

  it.each([
    [{ event: 'dtmf', dtmf: { digit: '55' } }],
    [{ event: 'dtmf', dtmf: {} }],
    [{ event: 'dtmf' }],
    [{ event: 'playedStream' }],
    [{ event: 'playedStream', name: '' }],
    [{ event: 'media' }],
  ])('refused: %j', message => {
    expect(read(message)).toEqual({ ok: false, reason: 'malformed' });
  });
});

describe('anything else', () => {
  it.each([
    ['', 'not_json'],
    ['hello', 'not_json'],
    ['{"event":"media"', 'not_json'],
    ['null', 'unknown_event'],
    ['[]', 'unknown_event'],
    ['"media"', 'unknown_event'],
    ['{}', 'unknown_event'],
    ['{"event":["media"]}', 'unknown_event'],
    ['{"event":"__proto__"}', 'unknown_event'],
    ['{"event":"mark","mark":{"name":"a"}}', 'unknown_event'],
    [`"${' '.repeat(9000)}"`, 'oversized'],
  ])('a text that is no event (%#)', (text, reason) => {
    expect(readStreamEvent(text)).toEqual({ ok: false, reason });
  });

  it('never throws, and what it accepts is of the shape it promises', () => {
    const event = fc.constantFrom('start', 'media', 'dtmf', 'playedStream', 'clearedAudio', 'stop');
    const inner = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          payload: fc.oneof(fc.base64String(), fc.string(), fc.jsonValue()),
          chunk: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
          timestamp: fc.jsonValue(),
          callId: fc.oneof(fc.string(), fc.jsonValue()),
          streamId: fc.oneof(fc.string(), fc.jsonValue()),
          mediaFormat: fc.oneof(fc.jsonValue(), fc.record({ encoding: fc.constantFrom('l16', 'alaw') })),
          digit: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    const message = fc.record(
      { event, start: inner, media: inner, dtmf: inner, name: inner, sequenceNumber: fc.jsonValue() },
      { requiredKeys: ['event'] },
    );
    const text = fc.oneof(
      message.map(one => JSON.stringify(one)),
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(text, given => {
        const reading = readStreamEvent(given);
        if (!reading.ok) return;
        const { event: found } = reading;
        if (found.event === 'media') {
          expect(found.payload.length).toBeGreaterThan(0);
          expect(Number.isSafeInteger(found.sequence ?? 0)).toBe(true);
        }
        if (found.event === 'start')
          expect([typeof found.callId, typeof found.streamId]).toEqual(['string', 'string']);
        if (found.event === 'dtmf') expect(found.digit).toMatch(/^[0-9*#A-D]$/);
      }),
      { numRuns: 500 },
    );
  });

  it('any payload comes through to the byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 700 }), bytes => {
        const reading = read({ event: 'media', media: { payload: Buffer.from(bytes).toString('base64') } });
        expect(reading).toEqual({ ok: true, event: { event: 'media', payload: bytes } });
      }),
    );
  });
});
