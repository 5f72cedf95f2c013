import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallerScript, Say } from '../../carrier/index.ts';
import { Player } from '../../carrier/stream/player.ts';
import { readWav, stereoWav } from '../../carrier/voice/wav.ts';
import { decodeUlaw, encodeUlaw } from '../../doubles/g711.ts';
import { createToneDecoder, encodeTones } from '../../doubles/tones.ts';
import { closeAll, oneCall } from './app.ts';
import { closeFarEnds, type Far, farEnd } from './far-end.ts';

afterEach(async () => {
  await closeAll();
  closeFarEnds();
});

/** A call whose application talks as `act` says, to somebody who says this. */
async function conversation(says: Say[], act: (far: Far) => unknown, script: Partial<CallerScript> = {}) {
  const far = await farEnd(act);
  const attributes = 'bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000"';
  const result = await oneCall(
    { '/answer': `<Response><Stream ${attributes}>${far.url}</Stream></Response>` },
    { speed: 10 },
    { ...script, says },
  );
  expect(far.failures).toEqual([]);
  return { ...result, said: far.connections[0]?.said };
}

/** Hangs up when the application has answered. */
const bye: Say = { quiet: 0.5, hangsUp: true };

describe('a caller', () => {
  it('speaks when the other side has finished, and is heard', async () => {
    const { call, said } = await conversation([{ text: 'good evening' }, bye], async far => {
      far.play('hello. ');
      await far.until(({ said }) => said === 'good evening');
      far.play('how are you?');
    });
    expect(said).toBe('good evening');
    expect(call.ear.text()).toBe('hello. how are you?');
    const [speaks] = call.story.of('speaks');
    const greeted = call.heard()[6];
    expect((speaks?.at ?? 0) - (greeted?.at ?? 0)).toBeGreaterThanOrEqual(500);
    expect(call.ended).toMatchObject({ source: 'Caller' });
  });

  it('waits for words, and then the seconds after them', async () => {
    const { call } = await conversation(
      [
        { hearing: 'Two', after: 0.4, text: 'go' },
        { after: 0.2, hangsUp: true },
      ],
      far => far.play('one two three four five six seven'),
    );
    const [speaks] = call.story.of('speaks');
    const two = call.heard()[6];
    expect((speaks?.at ?? 0) - (two?.at ?? 0)).toBeGreaterThanOrEqual(400);
    expect((speaks?.at ?? 0) - (two?.at ?? 0)).toBeLessThan(600);
  });

  it('interrupts after some seconds of listening, then waits for the answer to that', async () => {
    const { call } = await conversation([{ interrupts: 0.6, text: 'stop' }, bye], async far => {
      far.play('a very long story that nobody wants to hear to its end', 'end');
      await far.until(({ said }) => said.startsWith('st'));
      far.tell('clearAudio');
      await far.until(({ said }) => said === 'stop');
      await far.until(far => far.of('media').length > 80);
      far.play('sorry');
    });
    expect(call.ear.text()).toMatch(/^a very long .*sorry$/);
    expect(call.ear.text()).not.toContain('nobody wants');
  });

  it('hangs up on words that a stream played', async () => {
    const { call } = await conversation([], far => far.play('please hold the line for a while'), {
      hangsUp: { hearing: 'hold the' },
    });
    expect(call.ear.text()).toMatch(/^please hold the( \w{0,2})?$/);
  });

  it('says a sound file, and both sides are on the tape', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'speech-'));
    try {
      const wav = join(folder, 'hi.wav');
      const tones = encodeTones('from a file', { rate: 8000 });
      writeFileSync(wav, stereoAsMono(tones));
      const { call, said } = await conversation(
        [{ wav, after: 0 }, bye],
        async far => {
          await far.until(({ said }) => said === 'from a file');
          far.play('thank you');
        },
        { taped: true },
      );
      expect(said).toBe('from a file');
      const { left, right } = sides(call.tape?.wav() ?? Buffer.alloc(0));
      expect(textOf(left)).toBe('from a file');
      expect(textOf(right)).toBe('thank you');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a sound file', () => {
  it('is read as PCM or µ-law at 8 or 16 kHz, and refused otherwise', () => {
    const tones = encodeTones('hi', { rate: 8000 });
    expect(textOf(readWav(mono(1, 16_000, pcmBytes(encodeTones('hi', { rate: 16_000 })))))).toBe('hi');
    expect(readWav(mono(7, 8000, Buffer.from(encodeUlaw(tones))))).toEqual(decodeUlaw(encodeUlaw(tones)));
    expect(() => readWav(mono(1, 44_100, pcmBytes(tones)))).toThrow('8 or 16 kHz');
    expect(() => readWav(Buffer.from('OggS'))).toThrow('save it as a WAV file');
  });
});

describe('the player', () => {
  it('joins pieces of any length without a gap, and pads with silence', () => {
    const player = new Player();
    player.add(Int16Array.of(1, 2, 3));
    player.add(Int16Array.of(4));
    player.checkpoint('a');
    player.add(Int16Array.of(5));
    expect(player.take(2)).toEqual({ met: [], pcm: Int16Array.of(1, 2) });
    expect(player.take(3)).toEqual({ met: ['a'], pcm: Int16Array.of(3, 4, 5) });
    expect(player.take(2)).toEqual({ met: [], pcm: Int16Array.of(0, 0) });
  });

  it('meets a checkpoint when the audio before it has ended, and none without audio', () => {
    const player = new Player();
    player.checkpoint('too early');
    player.add(Int16Array.of(1, 2));
    player.checkpoint('a');
    expect(player.take(2).met).toEqual([]);
    expect(player.take(2).met).toEqual(['a']);
    player.checkpoint('after it');
    expect(player.take(2).met).toEqual(['after it']);
    player.clear();
    player.checkpoint('after clear');
    expect(player.take(2).met).toEqual([]);
  });
});

const pcmBytes = (pcm: Int16Array) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);

function mono(kind: number, rate: number, data: Buffer): Buffer {
  const file = stereoWav(new Int16Array(0), new Int16Array(0));
  file.writeUInt16LE(kind, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(data.length, 40);
  return Buffer.concat([file, data]);
}

const stereoAsMono = (pcm: Int16Array) => mono(1, 8000, pcmBytes(pcm));

function sides(wav: Buffer) {
  const data = wav.subarray(44);
  const side = (offset: number) =>
    Int16Array.from({ length: data.length / 4 }, (_, at) => data.readInt16LE(at * 4 + offset));
  return { left: side(0), right: side(2) };
}

function textOf(pcm: Int16Array): string {
  const decoder = createToneDecoder(8000);
  return [...decoder.push(pcm), ...decoder.flush()].map(({ char }) => char).join('');
}
