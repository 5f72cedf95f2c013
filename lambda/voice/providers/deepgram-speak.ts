/** Deepgram's Aura voices: µ-law of 8 kHz as it is, so there is nothing to convert. */
import type { Speak, TtsRequest } from './provider.ts';
import { spoken, type VoiceOptions } from './spoken.ts';

export interface DeepgramSpeakOptions extends VoiceOptions {
  /** `https://api.deepgram.com/v1/speak` */
  url: string;
}

const AS_IT_IS = { push: (bytes: Uint8Array) => bytes, flush: () => new Uint8Array(0) };

export const deepgramSpeak =
  ({ url, ...options }: DeepgramSpeakOptions): Speak =>
  (request, signal) =>
    spoken(
      options,
      { url: addressOf(url, request), scheme: 'Token', body: { text: request.text }, reader: AS_IT_IS },
      signal,
    );

function addressOf(url: string, request: TtsRequest): string {
  const address = new URL(url);
  address.searchParams.set('model', auraModel(request));
  address.searchParams.set('encoding', 'mulaw');
  address.searchParams.set('sample_rate', '8000');
  address.searchParams.set('container', 'none');
  return address.href;
}

/** A whole name such as `aura-2-thalia-en` in either field, or the generation and the voice apart. */
function auraModel({ model, voice, language }: TtsRequest): string {
  const whole = [voice, model].find(name => /^aura-.*-[a-z]{2}$/.test(name));
  return whole ?? `${model}-${voice}-${language.slice(0, 2)}`;
}
