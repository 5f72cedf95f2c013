/** Speech leaves paced, in order, whole, and never after it was dropped. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPlayout, type Out, type Playout } from '../../lambda/voice/playout.ts';

const BYTES_PER_MS = 8;
const audio = (ms: number, value = 1) => new Uint8Array(ms * BYTES_PER_MS).fill(value);
const msOf = (out: Out[]) =>
  out.reduce((sum, one) => sum + (one.kind === 'audio' ? one.payload.length / BYTES_PER_MS : 0), 0);
const names = (out: Out[]) => out.map(one => (one.kind === 'audio' ? `${one.piece}` : `end ${one.piece}`));

function speaking(ms: number, options = {}): Playout {
  const playout = createPlayout(options);
  playout.expect('a');
  playout.append('a', audio(ms));
  playout.finish('a');
  return playout;
}

/** All that leaves from `from` to `to`, looked for every 10 ms, with its time. */
function run(playout: Playout, from: number, to: number): { at: number; out: Out }[] {
  const left: { at: number; out: Out }[] = [];
  for (let at = from; at <= to; at += 10) left.push(...playout.due(at).map(out => ({ at, out })));
  return left;
}

test('audio leaves at most 300 ms ahead of the ear', () => {
  const playout = speaking(2000);
  let sent = 0;
  for (const { at, out } of run(playout, 1000, 4000)) {
    if (out.kind === 'audio') expect(1000 + sent - at).toBeLessThanOrEqual(300);
    sent += msOf([out]);
  }
  expect(sent).toBe(2000);
});

test('frames are of 20 ms, the first is marked, the checkpoint follows the last with the length', () => {
  const out = run(speaking(60), 0, 100).map(one => one.out);
  expect(out.map(one => (one.kind === 'audio' ? [one.payload.length, one.first] : one))).toEqual([
    [160, true],
    [160, false],
    [160, false],
    { kind: 'checkpoint', piece: 'a', audio_ms: 60 },
  ]);
});

test('the last frame is filled up with silence', () => {
  const [, last] = speaking(25).due(0);
  expect(last?.kind === 'audio' && [...last.payload.subarray(39, 42)]).toEqual([1, 0xff, 0xff]);
});

test('a piece without audio still has its checkpoint', () => {
  expect(speaking(0).due(0)).toEqual([{ kind: 'checkpoint', piece: 'a', audio_ms: 0 }]);
});

test('frames wait until they are whole', () => {
  const playout = createPlayout();
  playout.expect('a');
  playout.append('a', audio(99));
  expect(msOf(playout.due(0))).toBe(80);
  expect(playout.next(0)).toBeUndefined();
  playout.append('a', audio(1));
  expect(playout.next(0)).toBe(0);
  expect(msOf(playout.due(0))).toBe(20);
});

describe('a cushion', () => {
  /** A voice that delivers so much at a time, each of the times; what left, looked for every 10 ms. */
  const voiced = (deliveries: [at: number, ms: number][], until: number) => {
    const playout = createPlayout();
    playout.expect('a');
    const left: { at: number; out: Out }[] = [];
    for (let at = 0; at <= until; at += 10) {
      for (const [when, ms] of deliveries) if (when === at) playout.append('a', audio(ms));
      if (at === until) playout.finish('a');
      const next = playout.next(at);
      const out = playout.due(at);
      expect(out.length > 0).toBe(next === at);
      left.push(...out.map(one => ({ at, out: one })));
    }
    return left;
  };
  /** How long before each frame was to be heard it left, ms. */
  const leads = (left: { at: number; out: Out }[]) => {
    let ends = -Infinity;
    return left.flatMap(({ at, out }) => {
      if (out.kind !== 'audio') return [];
      const lead = ends - at;
      ends = Math.max(ends, at) + out.payload.length / BYTES_PER_MS;
      return [lead];
    });
  };
  const steadily = (from: number, ms: number, every = 20): [number, number][] =>
    Array.from({ length: ms / 20 }, (_, at) => [from + at * every, 20]);

  test('of 80 ms is there before speech begins, so that a voice in real time has no gaps', () => {
    const left = voiced(steadily(0, 1000), 1000);
    expect(left[0]?.at).toBe(60);
    expect(msOf(left.map(one => one.out))).toBe(1000);
    expect(Math.min(...leads(left).slice(1))).toBeGreaterThan(0);
  });

  test('delays nothing when the voice is fast', () => {
    const left = voiced([...steadily(100, 80, 0), ...steadily(120, 3000, 10)], 4000);
    expect(left[0]?.at).toBe(100);
    expect(Math.min(...leads(left).slice(1))).toBeGreaterThan(0);
    expect(left.findLast(({ out }) => out.kind === 'audio')?.at).toBe(100 + 3080 - 20 - 300);
  });

  test('of 200 ms is there before a piece goes on that ran dry', () => {
    const left = voiced([[0, 100], ...steadily(500, 400)], 1200);
    const resumed = left.filter(({ at }) => at > 100);
    expect(resumed[0]?.at).toBe(680);
    expect(Math.min(...leads(resumed).slice(1))).toBeGreaterThan(0);
  });

  test('is not waited for while the caller still hears what went before', () => {
    const playout = speaking(500);
    playout.expect('b');
    playout.due(0);
    run(playout, 10, 300);
    playout.append('b', audio(20));
    expect(names(playout.due(310))).toEqual(['b']);
  });

  test('of 80 ms is there again before a piece that begins in silence', () => {
    const playout = speaking(100);
    playout.due(0);
    playout.expect('b');
    playout.append('b', audio(60));
    expect([playout.due(200), playout.next(200)]).toEqual([[], undefined]);
    playout.append('b', audio(20));
    expect(playout.next(210)).toBe(210);
    expect(msOf(playout.due(210))).toBe(80);
  });

  test.each([
    ['that is short', 0],
    ['that ends after it ran dry', 100],
  ])('is not waited for by a piece %s', (_what, before) => {
    const playout = createPlayout();
    playout.expect('a');
    playout.append('a', audio(before));
    playout.due(0);
    playout.append('a', audio(30));
    expect(playout.next(500)).toBeUndefined();
    playout.finish('a');
    expect(playout.next(500)).toBe(500);
    expect(names(playout.due(500))).toEqual(['a', 'a', 'end a']);
  });
});

test('pieces leave in the order in which they were expected', () => {
  const playout = createPlayout();
  playout.expect('a');
  playout.expect('b');
  playout.append('b', audio(20));
  playout.finish('b');
  expect(playout.due(0)).toEqual([]);
  playout.append('a', audio(20));
  playout.finish('a');
  expect(names(playout.due(0))).toEqual(['a', 'end a', 'b', 'end b']);
});

describe('a loop that comes late', () => {
  test('catches up with larger frames', () => {
    const playout = speaking(2000);
    playout.due(0);
    const sizes = playout.due(150).flatMap(one => (one.kind === 'audio' ? [one.payload.length / 8] : []));
    expect(sizes[0]).toBe(60);
    expect(Math.max(...sizes)).toBe(60);
  });

  test('after an underrun begins a new schedule, and does not send all that was missed', () => {
    const playout = createPlayout();
    playout.expect('a');
    playout.append('a', audio(100));
    expect(msOf(playout.due(0))).toBe(100);
    playout.append('a', audio(2000));
    expect(msOf(playout.due(5000))).toBeLessThanOrEqual(320);
    expect(playout.next(5000)).toBeGreaterThan(5000);
  });
});

describe('an interruption', () => {
  test('drops all audio, also what comes later', () => {
    const playout = speaking(2000);
    playout.expect('b');
    playout.due(0);
    playout.drop();
    playout.append('a', audio(500));
    playout.append('b', audio(500));
    playout.finish('b');
    expect(run(playout, 10, 3000)).toEqual([]);
    expect(playout.next(10)).toBeUndefined();
  });

  test('holds new audio until it is released', () => {
    const playout = speaking(100);
    playout.hold(0);
    expect(playout.due(500)).toEqual([]);
    expect(playout.next(500)).toBe(1000);
    playout.release();
    expect(msOf(playout.due(510))).toBe(100);
  });

  test('or for a second', () => {
    const playout = speaking(100);
    playout.hold(0);
    expect(playout.due(999)).toEqual([]);
    expect(msOf(playout.due(1000))).toBe(100);
  });

  test('leaves the next piece its whole lead, since the carrier’s buffer is empty', () => {
    const playout = speaking(2000);
    playout.due(0);
    playout.drop();
    playout.hold(100);
    playout.release();
    playout.expect('b');
    playout.append('b', audio(1000));
    expect(msOf(playout.due(120))).toBe(320);
  });
});

test('every byte leaves once and in order, however the audio comes and whenever it is asked for', () => {
  const pieces = fc.array(fc.array(fc.nat(700), { maxLength: 6 }), { minLength: 1, maxLength: 4 });
  const waits = fc.infiniteStream(fc.integer({ min: 1, max: 250 }));
  fc.assert(
    fc.property(pieces, waits, (given, wait) => {
      const bytes = given.map(lengths => counted(lengths.reduce((sum, length) => sum + length, 0)));
      const left = play(given, bytes, () => wait.next().value);
      for (const [index, wanted] of bytes.entries()) {
        const sent = left.flatMap(one =>
          one.kind === 'audio' && one.piece === `${index}` ? [...one.payload] : [],
        );
        expect(sent.slice(0, wanted.length)).toEqual([...wanted]);
        expect(sent.length - wanted.length).toBeLessThan(160);
      }
      const ends = left.filter(one => one.kind === 'checkpoint').map(one => one.piece);
      expect(ends).toEqual([...given.keys()].map(String));
    }),
  );
});

const counted = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251);

/** Pieces whose audio comes in chunks of these lengths, after a wait each. */
function play(lengths: number[][], bytes: Uint8Array[], wait: () => number): Out[] {
  const playout = createPlayout();
  const left: Out[] = [];
  let now = 0;
  for (const index of lengths.keys()) playout.expect(`${index}`);
  for (const [index, chunks] of lengths.entries()) {
    let at = 0;
    for (const length of chunks) {
      playout.append(`${index}`, bytes[index]?.subarray(at, at + length) ?? new Uint8Array());
      at += length;
      now += wait();
      left.push(...playout.due(now));
    }
    playout.finish(`${index}`);
  }
  for (let next = playout.next(now); next !== undefined; next = playout.next(now)) {
    now = next;
    left.push(...playout.due(now));
  }
  return left;
}
