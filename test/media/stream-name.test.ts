/** The name says whose stream it is, and which. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  callOfStream,
  readStreamName,
  sessionTask,
  streamName,
  streamOf,
} from '../../lambda/media/stream-name.ts';

const kind = fc.constantFrom('talk' as const, 'transcript' as const);

it('the first conversation has the name of its call, everything else one of its own', () => {
  expect(streamName('call-1', 'talk', 1)).toBe('call-1');
  expect(streamName('call-1', 'talk', 2)).toBe('call-1#talk-2');
  expect(streamName('call-1', 'transcript', 1)).toBe('call-1#transcript-1');
});

it('tells again what it was made of, and leads to a session and back', () => {
  fc.assert(
    fc.property(fc.uuid(), kind, fc.integer({ min: 1, max: 999_999 }), (call, kind, n) => {
      const stream = streamName(call, kind, n);
      expect(readStreamName(stream)).toEqual({ call, kind, n });
      expect(callOfStream(stream)).toBe(call);
      expect(streamOf(sessionTask(stream, 3))).toBe(stream);
    }),
  );
});

it('a session of the first conversation need not be told its stream', () => {
  expect(sessionTask('call-1', 1)).toEqual({ call: 'call-1', generation: 1 });
  expect(sessionTask('call-1#talk-2', 1)).toEqual({ call: 'call-1', stream: 'call-1#talk-2', generation: 1 });
});
