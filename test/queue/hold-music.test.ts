/** The built-in music as a WAV reader sees it: µ-law is decoded here from its definition. */
import { describe, expect, test } from 'vitest';
import { holdMusic } from '../../lambda/queue/hold-music.ts';
import { decodedMuLaw } from '../codec/g711.ts';

const HEADER = 58;

describe.each([1, 5, 15, 20, 300])('%d seconds of music', secs => {
  const file = holdMusic(secs);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const text = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  const samples = [...file.subarray(HEADER)].map(decodedMuLaw);
  const loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

  test('are exactly that long', () => {
    expect(samples).toHaveLength(secs * 8000);
  });

  test('are a valid RIFF file of µ-law at 8 kHz, mono', () => {
    expect([text(0), text(8), text(12), text(38), text(50)]).toEqual([
      'RIFF',
      'WAVE',
      'fmt ',
      'fact',
      'data',
    ]);
    expect(view.getUint32(4, true)).toBe(file.length - 8);
    expect(view.getUint32(16, true)).toBe(18);
    const [format, channels] = [view.getUint16(20, true), view.getUint16(22, true)];
    const [rate, byteRate] = [view.getUint32(24, true), view.getUint32(28, true)];
    const [align, bits] = [view.getUint16(32, true), view.getUint16(34, true)];
    expect({ format, channels, rate, byteRate, align, bits }).toEqual({
      format: 7,
      channels: 1,
      rate: 8000,
      byteRate: 8000,
      align: 1,
      bits: 8,
    });
    expect(view.getUint32(46, true)).toBe(samples.length);
    expect(view.getUint32(54, true)).toBe(samples.length);
  });

  test('begin and end in silence', () => {
    const edge = [...samples.slice(0, 40), ...samples.slice(-40)];
    expect(Math.max(...edge.map(Math.abs))).toBeLessThan(loudest / 50);
  });

  test('are heard, and do not shout', () => {
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const dbBelowFull = 20 * Math.log10(Math.sqrt(power) / 32768);
    expect(loudest).toBeLessThan(32768 / 2);
    expect(dbBelowFull).toBeGreaterThan(-36);
    expect(dbBelowFull).toBeLessThan(-16);
  });

  test('have no silent gap in between', () => {
    const tenth = 800;
    for (let at = tenth * 2; at < samples.length - tenth * 2; at += tenth)
      expect(Math.max(...samples.slice(at, at + tenth).map(Math.abs))).toBeGreaterThan(200);
  });
});
