/** The frame log: order and repetition are settled by the key, whatever the order of writing. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Frame } from '../../lambda/media/frame-log.ts';
import { SILENCE } from './messages.ts';
import { onBothTables } from './tables.ts';

const NOW = Date.parse('2026-03-02T10:30:00Z');
const frame = (sequence: number, at = NOW): Frame => ({ sequence, audio: SILENCE, at });
const sequences = (frames: Frame[]) => frames.map(one => one.sequence);

onBothTables('the frame log', opened => {
  const append = async (connection: string, ...frames: Frame[]) => {
    for (const one of frames) await opened().log.append(connection, one);
  };

  it('gives frames in order, each once, with the bytes that came', async () => {
    const connection = randomUUID();
    const audio = Uint8Array.from({ length: 160 }, (_, at) => at);
    await append(connection, frame(3), { sequence: 1, audio, at: NOW }, frame(2), frame(3));
    const { frames } = await opened().log.read(connection, -1);
    expect(sequences(frames)).toEqual([1, 2, 3]);
    expect(frames[0]).toEqual({ sequence: 1, audio, at: NOW });
  });

  it('looks back twelve places for what comes late, and no further', async () => {
    const connection = randomUUID();
    await append(connection, ...Array.from({ length: 30 }, (_, at) => frame(at)));
    const { frames } = await opened().log.read(connection, 29);
    expect(sequences(frames)).toEqual(Array.from({ length: 12 }, (_, at) => 18 + at));
  });

  it('keeps frames without a number in order of arrival, and looks back for those as well', async () => {
    const connection = randomUUID();
    const { log } = opened();
    const times = [0, 20, 20, 200, 220].map(ms => NOW + ms);
    for (const at of times) await log.append(connection, log.frame(undefined, SILENCE, at));
    const { frames, after } = await log.read(connection, -1);
    expect(frames.map(one => one.at)).toEqual(times);
    expect(frames.every(one => one.unnumbered)).toBe(true);
    const again = await log.read(connection, after);
    expect(again.frames.map(one => one.at)).toEqual(times.slice(3));
  });

  it('says how far it has read; a stray frame without a number does not lead it astray', async () => {
    const connection = randomUUID();
    const { log } = opened();
    expect((await log.read(connection, -1)).after).toBe(-1);
    await append(connection, frame(1), frame(2), log.frame(undefined, SILENCE, NOW));
    const first = await log.read(connection, -1);
    expect([first.frames.length, first.after]).toEqual([3, 2]);
    await append(connection, log.frame(undefined, SILENCE, NOW));
    expect((await log.read(connection, first.after)).after).toBe(2);
    await append(connection, frame(3));
    const second = await log.read(connection, first.after);
    expect(second.after).toBe(3);
    expect(sequences(second.frames)).toContain(3);
  });

  it('one frame far ahead does not lead it astray; two of them, near each other, are a jump', async () => {
    const connection = randomUUID();
    const { log } = opened();
    await append(connection, ...[1, 2, 3, 900_000].map(place => frame(place)));
    expect((await log.read(connection, -1)).after).toBe(3);
    await append(connection, frame(4), frame(5));
    expect((await log.read(connection, 3)).after).toBe(5);
    await append(connection, frame(900_300));
    expect((await log.read(connection, 5)).after).toBe(5);
    await append(connection, frame(900_350));
    expect((await log.read(connection, 5)).after).toBe(900_350);
  });

  it('a loss of up to a second is no jump', async () => {
    const connection = randomUUID();
    await append(connection, frame(3), frame(53));
    expect((await opened().log.read(connection, 3)).after).toBe(53);
    expect((await opened().log.read(connection, 2)).after).toBe(53);
  });

  it('knows when the last frame came, though one had a strange number', async () => {
    const connection = randomUUID();
    const { log } = opened();
    expect(await log.lastFrameAt(connection)).toBeUndefined();
    await append(connection, frame(900_000, NOW));
    for (let place = 0; place < 20; place++) await append(connection, frame(place, NOW + 20 * place));
    await log.note(connection, { event: 'closed' }, NOW + 5000);
    expect(await log.lastFrameAt(connection)).toBe(NOW + 380);
    await log.append(connection, log.frame(undefined, SILENCE, NOW + 400));
    expect(await log.lastFrameAt(connection)).toBe(NOW + 400);
  });

  it('takes a number that is no place for none', () => {
    for (const odd of [-1, 0.5, 1e15, 5e15, Number.NaN])
      expect(opened().log.frame(odd, SILENCE, NOW)).toMatchObject({ unnumbered: true });
    expect(opened().log.frame(0, SILENCE, NOW)).toEqual(frame(0));
  });

  it('notes events in order of arrival, many in one millisecond too, until they are forgotten', async () => {
    const connection = randomUUID();
    const { log } = opened();
    const digits = [...'0123456789*#'];
    for (const digit of digits) await log.note(connection, { event: 'dtmf', digit }, NOW);
    await append(connection, frame(7));
    const { frames, happenings } = await log.read(connection, 7);
    expect(sequences(frames)).toEqual([7]);
    expect(happenings.map(({ event }) => event)).toEqual(digits.map(digit => ({ event: 'dtmf', digit })));
    await log.forget(connection, happenings.slice(0, -1));
    expect((await log.read(connection, 7)).happenings).toEqual(happenings.slice(-1));
  });

  it('erases a connection and no other', async () => {
    const [wrong, right] = [randomUUID(), randomUUID()];
    for (const connection of [wrong, right]) {
      await append(connection, frame(0), frame(1));
      await opened().log.note(connection, { event: 'stop' }, NOW);
    }
    await opened().log.erase(wrong);
    expect(await opened().log.read(wrong, -1)).toEqual({ frames: [], happenings: [], after: -1 });
    expect((await opened().log.read(right, -1)).frames).toHaveLength(2);
  });
});
