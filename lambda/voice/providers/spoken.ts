/** What the voices have in common: one request, and audio as it comes. */
import { credentials, Exchange, type Fetch } from './exchange.ts';

export interface VoiceOptions {
  /** Read for every request, so that a rotated key is used at once. */
  key: () => string;
  /** 5000. */
  firstByteMs?: number;
  /** Between two pieces of audio: 3000. */
  chunkMs?: number;
  fetch?: Fetch;
}

/** Turns a provider's bytes into µ-law of 8 kHz. */
export interface AudioReader {
  push(bytes: Uint8Array): Uint8Array;
  flush(): Uint8Array;
}

/** Compressed audio or a text would be noise in the caller's ear. */
const NOT_PLAYABLE = /^(application\/(json|xml)|text\/|audio\/(mpeg|mp3|ogg|opus|aac|flac|webm))/;

/** @throws ProviderError also when there is no audio at all */
export async function* spoken(
  { key, firstByteMs = 5000, chunkMs = 3000, fetch }: VoiceOptions,
  request: { url: string; scheme: 'Bearer' | 'Token'; body: unknown; reader: AudioReader },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const exchange = new Exchange('The voice', signal, fetch);
  exchange.allow(firstByteMs);
  const response = await exchange.post(request.url, credentials(request.scheme, key()), request.body);
  const type = response.headers.get('content-type') ?? '';
  if (NOT_PLAYABLE.test(type)) {
    await response.body?.cancel();
    throw exchange.fault('unavailable', `sent ${type.split(';')[0]} instead of audio`);
  }
  let silent = true;
  for await (const bytes of exchange.chunks(response)) {
    const audio = request.reader.push(bytes);
    if (bytes.length > 0) exchange.allow(chunkMs);
    if (audio.length === 0) continue;
    silent = false;
    yield audio;
  }
  const rest = request.reader.flush();
  if (rest.length > 0) yield rest;
  else if (silent) throw exchange.fault('unavailable', 'said nothing');
}
