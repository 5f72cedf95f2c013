/** Frames in order, each once, complete but for what never came or came too late, and never later than the window. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../lambda/media/frame-log.ts';
import { createReorder, type Placed } from '../../lambda/media/reorder.ts';

const WINDOW_MS = 60;
const FRAME_MS = 20;
const POLL_MS = 10;

/** Audio that tells its own place. */
const audioOf = (sequence: number) => Uint8Array.from({ length: 160 }, (_, at) => (sequence + at) & 0x7f);

const frame = (sequence: number, at = sequence * FRAME_MS): Frame => ({
  sequence,
  audio: audioOf(sequence),
  at,
});

const reorder = (options = {}) => createReorder({ windowMs: WINDOW_MS, ...options });

const summary = (placed: Placed[]) => placed.map(one => (one.concealed ? -one.sequence : one.sequence));

interface Arrival {
  sequence: number;
  at: number;
}

/** A frame's way: lost, or delayed, perhaps twice. */
const way = fc.record({
  lost: fc.boolean().chain(often => (often ? fc.constant(false) : fc.boolean())),
  delays: fc.array(fc.integer({ min: 0, max: WINDOW_MS }), { minLength: 1, maxLength: 2 }),
});

const stream = fc
  .array(way, { minLength: 1, maxLength: 60 })
  .map(ways =>
    ways.flatMap(({ lost, delays }, sequence) =>
      lost ? [] : delays.map((delay): Arrival => ({ sequence, at: sequence * FRAME_MS + delay })),
    ),
  );

/** Plays arrivals against a reorder window that is asked every few milliseconds. */
function play(arrivals: Arrival[]): { placed: Placed; at: number }[] {
  const window = reorder();
  const out: { placed: Placed; at: number }[] = [];
  const end = Math.max(0, ...arrivals.map(one => one.at)) + 2 * WINDOW_MS;
  for (let now = 0; now <= end; now += POLL_MS) {
    for (const { sequence, at } of arrivals)
      if (at > now - POLL_MS && at <= now) window.push(frame(sequence, at), now);
    for (const placed of window.take(now)) out.push({ placed, at: now });
  }
  expect(window.take(Number.POSITIVE_INFINITY)).toEqual([]);
  return out;
}

describe('under jitter of up to the window, repetitions and losses', () => {
  it('frames come out in order, each once, nothing missing between the first and the last', () => {
    fc.assert(
      fc.property(stream, arrivals => {
        const places = play(arrivals).map(({ placed }) => placed.sequence);
        const came = [...new Set(arrivals.map(one => one.sequence))].sort((a, b) => a - b);
        const [first = 0] = came;
        const last = came.at(-1) ?? -1;
        expect(places).toEqual(Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at));
      }),
    );
  });

  it('what came is not concealed, and what never came is', () => {
    fc.assert(
      fc.property(stream, arrivals => {
        const came = new Set(arrivals.map(one => one.sequence));
        for (const { placed } of play(arrivals)) {
          expect(placed.concealed).toBe(!came.has(placed.sequence));
          expect(placed.audio).toEqual(placed.concealed ? undefined : audioOf(placed.sequence));
        }
      }),
    );
  });

  it('nothing waits longer than the window', () => {
    fc.assert(
      fc.property(stream, arrivals => {
        for (const { placed, at } of play(arrivals)) {
          const firstCame = arrivals.filter(one => one.sequence === placed.sequence).map(one => one.at);
          if (!placed.concealed) expect(at - Math.min(...firstCame)).toBeLessThan(WINDOW_MS + POLL_MS);
        }
      }),
    );
  });
});

describe('a gap', () => {
  it('waits for the window and is then concealed; the late frame changes nothing', () => {
    const window = reorder({ from: 1 });
    window.push(frame(1), 0);
    window.push(frame(3), 40);
    expect(summary(window.take(40))).toEqual([1]);
    expect(window.take(99)).toEqual([]);
    expect(summary(window.take(100))).toEqual([-2, 3]);
    window.push(frame(2), 101);
    expect(window.take(200)).toEqual([]);
  });

  it('of several frames is given up as a whole, the window after the first sign of it', () => {
    const window = reorder({ from: 1 });
    window.push(frame(5), 0);
    window.push(frame(3), 50);
    expect(window.take(59)).toEqual([]);
    expect(summary(window.take(60))).toEqual([-1, -2, 3, -4, 5]);
  });

  it('of up to a second is concealed, of more is a jump', () => {
    const lengths = [50, 51].map(lost => {
      const window = reorder({ from: 0 });
      for (const sequence of [lost, lost + 1]) window.push(frame(sequence), 0);
      return window.take(WINDOW_MS).length;
    });
    expect(lengths).toEqual([52, 2]);
  });
});

describe('a number far away', () => {
  it('ahead is believed once a second one is near it, not before', () => {
    const window = reorder({ from: 3 });
    for (const sequence of [3, 900_000]) window.push(frame(sequence), 0);
    expect(summary(window.take(1000))).toEqual([3]);
    for (const sequence of [4, 6]) window.push(frame(sequence), 1000);
    expect(summary(window.take(1000))).toEqual([4]);
    expect(window.take(1059)).toEqual([]);
    expect(summary(window.take(1060))).toEqual([-5, 6]);
    window.push(frame(900_002), 1100);
    expect(summary(window.take(1100))).toEqual([900_000]);
    expect(summary(window.take(1160))).toEqual([-900_001, 900_002]);
  });

  it('behind is believed once a second one is near it: the first frame had a wrong number', () => {
    const window = reorder();
    window.push(frame(900_000), 0);
    expect(summary(window.take(60))).toEqual([900_000]);
    window.push(frame(1), 100);
    expect(window.take(1000)).toEqual([]);
    window.push(frame(2), 1000);
    window.push(frame(900_000), 1000);
    expect(summary(window.take(1000))).toEqual([1, 2]);
    window.push(frame(3), 1020);
    expect(summary(window.take(2000))).toEqual([3]);
  });

  it('up to 62 places behind is late, and changes nothing', () => {
    const window = reorder({ from: 100 });
    for (const sequence of [38, 39, 99]) window.push(frame(sequence), 0);
    expect(window.take(1000)).toEqual([]);
  });
});

it('begins with the lowest of the first frames, which wait for one another', () => {
  const window = reorder();
  window.push(frame(8), 0);
  window.push(frame(7), 30);
  expect(window.take(59)).toEqual([]);
  expect(summary(window.take(60))).toEqual([7, 8]);
});

it('goes on where a predecessor stopped: what that one heard is not given again', () => {
  const window = reorder({ from: 100 });
  for (let sequence = 90; sequence < 103; sequence++) window.push(frame(sequence), 0);
  expect(summary(window.take(0))).toEqual([100, 101, 102]);
});

it('frames without a number pass as they come, each once', () => {
  const window = reorder();
  const base = 1e15;
  for (const sequence of [5, 3, 5, 9, 3]) window.push({ ...frame(base + sequence), unnumbered: true }, 0);
  expect(window.take(0).map(one => one.sequence - base)).toEqual([5, 3, 9]);
  expect(window.take(0)).toEqual([]);
});
