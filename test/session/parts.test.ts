/** The parts of a session by themselves: storing, running ahead, and what of the caller's audio is still open. */
import { describe, expect, test } from 'vitest';
import { buffered } from '../../lambda/session/buffered.ts';
import { saving } from '../../lambda/session/saving.ts';
import { createTape, type Sound } from '../../lambda/session/sound.ts';

const nothing = () => undefined;

describe('saving', () => {
  test('stores what is newest, one write at a time, also what is wanted in the very moment a write ends', async () => {
    let value = 0;
    let stored = 0;
    let writing = 0;
    const store = saving(async () => {
      expect(++writing).toBe(1);
      const mine = value;
      await Promise.resolve();
      stored = mine;
      writing--;
      return true;
    }, nothing);
    for (let round = 1; round <= 20; round++) {
      value = round;
      store.request();
      for (let tick = 0; tick < round; tick++) await Promise.resolve();
      value = round + 100;
      expect(await store.settle()).toBe(true);
      expect(stored).toBe(round + 100);
    }
  });

  test('tries again at the end, and says when nothing could be stored', async () => {
    let failures = 2;
    const store = saving(async () => {
      if (failures-- > 0) throw new Error('away');
      return true;
    }, nothing);
    expect(await store.settle()).toBe(true);
    failures = 100;
    expect(await store.settle()).toBe(false);
  });

  test('writes nothing more once a later session has written', async () => {
    let writes = 0;
    let superseded = 0;
    const store = saving(
      async () => ++writes === 0,
      () => {
        superseded++;
      },
    );
    expect(await store.settle()).toBe(false);
    expect(await store.settle()).toBe(false);
    expect([writes, superseded]).toEqual([1, 1]);
  });
});

describe('a stream that runs ahead', () => {
  const numbers = async function* (until: number, error?: Error) {
    for (let n = 1; n <= until; n++) yield n;
    if (error) throw error;
  };
  const read = async (source: AsyncIterable<number>) => {
    const all: number[] = [];
    for await (const one of source) all.push(one);
    return all;
  };

  test('gives all of it, before and after it has ended', async () => {
    const source = buffered(() => numbers(5));
    expect(await read(source)).toEqual([1, 2, 3, 4, 5]);
    expect(await read(source)).toEqual([1, 2, 3, 4, 5]);
  });

  test('fails where the stream failed, and to nobody if nobody reads', async () => {
    const source = buffered(() => numbers(2, new Error('broken')));
    await new Promise(resolve => setTimeout(resolve, 5));
    await expect(read(source)).rejects.toThrow('broken');
  });

  test('comes to an end when it is stopped', async () => {
    const source = buffered(async function* (signal) {
      yield 1;
      await new Promise(resolve => signal.addEventListener('abort', resolve));
    });
    setTimeout(() => source.stop(), 5);
    expect(await read(source)).toEqual([1]);
  });
});

describe('the tape', () => {
  const sound = (sequence: number): Sound => ({ audio: new Uint8Array(160), sequence, at: sequence * 20 });

  test('keeps what no final transcript covers, in the seconds of the connection', () => {
    const tape = createTape();
    for (let n = 0; n < 100; n++) tape.add(sound(n), true);
    tape.covered(1);
    expect(tape.coveredUntil()).toBe(49);
    expect(tape.rewind().length).toBe(50);
    tape.covered(0.5);
    expect(tape.coveredUntil()).toBe(74);
    expect(tape.at(0.5)).toBe(74 * 20);
  });

  test('what was not sent is covered by nothing', () => {
    const tape = createTape();
    tape.add(sound(7), false);
    tape.covered(1000);
    expect(tape.coveredUntil()).toBe(6);
  });

  test('a successor goes on in the numbers of the present stream', () => {
    const tape = createTape();
    for (let n = 4000; n < 4010; n++) tape.add(sound(n), true);
    tape.newStream();
    expect(tape.coveredUntil()).toBeUndefined();
    for (let n = 0; n < 10; n++) tape.add(sound(n), true);
    expect(tape.coveredUntil()).toBe(-1);
    expect(tape.rewind().length).toBe(20);
  });

  test('keeps half a minute at most', () => {
    const tape = createTape();
    for (let n = 0; n < 4000; n++) tape.add(sound(n), true);
    expect(tape.rewind().length).toBe(1500);
  });
});
