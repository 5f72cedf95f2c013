/** The path of the audio, on one core: both laws against the usual package, the resampler against real time. */
import alawmulaw from 'alawmulaw';
import { decodeALaw, encodeALaw } from '../lambda/codec/a-law.ts';
import type { Decode, Encode } from '../lambda/codec/companding.ts';
import { decodeMuLaw, encodeMuLaw } from '../lambda/codec/mu-law.ts';
import { createResampler } from '../lambda/codec/resample.ts';
import { readStreamEvent } from '../lambda/vobiz/stream-events.ts';
import { type Figure, percentile, print } from './report.ts';

const ROUNDS = 40;
const SECS = 20;
const BUDGET = { timesRealTime: 500, frameUs: 2 };

export function benchCodec(): void {
  print('G.711, a frame of 20 ms encoded and decoded (budget: 0.25 × alawmulaw)', [
    ...law('µ-law', encodeMuLaw, decodeMuLaw, alawmulaw.mulaw),
    ...law('A-law', encodeALaw, decodeALaw, alawmulaw.alaw),
  ]);
  print('A second of sound resampled in chunks of 20 ms', [
    resampling(24_000, 8000),
    resampling(16_000, 8000),
    resampling(8000, 16_000),
  ]);
  print('A media frame, from its text to its bytes', [parsing()]);
}

/** Of 20 ms each; something like speech: a few tones that rise and fall, and noise, so that no branch is foreseen. */
function frames(rate: number): Int16Array[] {
  const level = (at: number) => 4000 + 12_000 * Math.sin(at / rate) ** 2;
  const sound = Int16Array.from({ length: SECS * rate }, (_, at) => {
    const voice = Math.sin((900 * at) / rate) + Math.sin((4100 * at) / rate) / 2;
    return level(at) * (voice / 2 + Math.random() - 0.5);
  });
  return Array.from({ length: SECS * 50 }, (_, at) => sound.slice((at * rate) / 50, ((at + 1) * rate) / 50));
}

type Peer = typeof alawmulaw.mulaw;

/** Ours also as where it is hot, into memory that is there already, which the peer cannot. */
function law(name: string, encode: Encode, decode: Decode, peer: Peer): Figure[] {
  const speech = frames(8000);
  const codes = new Uint8Array(160);
  const pcm = new Int16Array(160);
  const theirs = perItem(speech, frame => peer.decode(peer.encode(frame)));
  const figure = (what: string, work: (frame: Int16Array) => unknown): Figure => ({
    what,
    value: perItem(speech, work),
    unit: 'µs',
    against: { name: 'alawmulaw', value: theirs },
  });
  return [
    figure(name, frame => decode(encode(frame, codes), pcm)),
    figure(`${name}, into new arrays as the peer does`, frame => decode(encode(frame))),
  ];
}

function resampling(from: number, to: number): Figure {
  const chunks = frames(from);
  const resampler = createResampler({ from, to });
  const milliseconds = perItem(chunks, chunk => resampler.push(chunk)) / 20;
  return {
    what: `${from / 1000} → ${to / 1000} kHz (${Math.round(1000 / milliseconds)} times real time)`,
    value: milliseconds,
    unit: 'ms',
    against: { name: 'budget', value: 1000 / BUDGET.timesRealTime },
  };
}

function parsing(): Figure {
  const texts = frames(8000).map((frame, chunk) =>
    JSON.stringify({
      sequenceNumber: chunk,
      streamId: 'c4dfd815-0000-4000-8000-000000000001',
      event: 'media',
      media: {
        track: 'inbound',
        timestamp: String(1_778_597_597_091 + 20 * chunk),
        chunk,
        payload: Buffer.from(encodeMuLaw(frame)).toString('base64'),
      },
      extra_headers: '{}',
    }),
  );
  return {
    what: 'parsed, checked and decoded',
    value: perItem(texts, readStreamEvent),
    unit: 'µs',
    against: { name: 'budget', value: BUDGET.frameUs },
  };
}

/** Microseconds for one item: of many rounds over all of them, after as many to warm up, those left undisturbed. */
function perItem<T>(items: T[], work: (item: T) => unknown): number {
  const rounds = Array.from({ length: 2 * ROUNDS }, () => {
    const start = performance.now();
    for (const item of items) work(item);
    return (performance.now() - start) * 1000;
  });
  return percentile(rounds.slice(ROUNDS), 0.1) / items.length;
}
