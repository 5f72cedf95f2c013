/** Frames late, twice, out of order and lost on their way: what the transcriber gets is in order, and whole but for the lost. */
import { expect, it, vi } from 'vitest';
import type { OpenStt } from '../../lambda/voice/providers/provider.ts';
import { atDesk } from './desk.ts';

vi.setConfig({ testTimeout: 30_000 });

const SILENCE = Buffer.alloc(160, 0xff);

it('puts in order what came out of order, takes once what came twice, and conceals what was lost', () => {
  const sent: Buffer[] = [];
  const heard: Uint8Array[] = [];
  const capture: OpenStt = (_options, listener) => ({
    send(audio) {
      heard.push(audio);
      listener({ type: 'alive' });
    },
    keepAlive: () => undefined,
    close: () => undefined,
  });
  let seed = 11;
  const chance = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return atDesk(
    {
      product: {
        providers: real => ({ ...real, stt: { deepgram: capture } }),
        deliver(request, handle) {
          const message = JSON.parse(request.body ?? '{}');
          if (message.event !== 'media') return handle(request);
          const lost = sent.length > 20 && chance() < 0.02;
          sent.push(lost ? SILENCE : Buffer.from(message.media.payload, 'base64'));
          const copies = lost ? 0 : chance() < 0.05 ? 2 : 1;
          for (let copy = 0; copy < copies; copy++) setTimeout(() => handle(request), chance() * 60);
        },
      },
    },
    async desk => {
      const { done } = desk.call([{ text: 'the quick brown fox jumps over the lazy dog', after: 0.5 }], {
        hangsUp: { after: 5 },
      });
      await done;
      const got = Buffer.concat(heard);
      expect(got.length).toBeGreaterThan(4 * 8000);
      expect(got.equals(Buffer.concat(sent).subarray(0, got.length))).toBe(true);
    },
  )();
});
