/**
 * Which provider serves which choice of an assistant, with the deployment's addresses and keys. The keys are read
 * from Secrets Manager when a session begins, and again when a provider refuses one: it may have been rotated.
 */
import { log } from '../platform/log.ts';
import type { Secret } from '../platform/secrets.ts';
import type { Settings } from '../platform/settings.ts';
import { deepgramListen } from '../voice/providers/deepgram-listen.ts';
import { deepgramSpeak } from '../voice/providers/deepgram-speak.ts';
import { openaiChat } from '../voice/providers/openai-chat.ts';
import { openaiSpeech } from '../voice/providers/openai-speech.ts';
import type { AskLlm, OpenStt, Speak } from '../voice/providers/provider.ts';

export interface Providers {
  stt: Record<'deepgram', OpenStt>;
  llm: Record<'openai', AskLlm>;
  tts: Record<'openai' | 'deepgram', Speak>;
  /** False when a key is missing that the deployment should have been given. */
  hasKeys: boolean;
  /** Read the keys again, which a provider has just refused. Never rejects: what cannot be read stays as it was. */
  renewKeys(): Promise<void>;
}

/** Only the provider itself is known to ask for a key; an endpoint of the deployment's own may not. */
const isAt = (domain: string, url: string) => `.${new URL(url).hostname}`.endsWith(`.${domain}`);

export async function providersOf(settings: Settings, secret: Secret): Promise<Providers> {
  let keys = await secret.read();
  const deepgram = () => keys.DEEPGRAM_API_KEY ?? '';
  const openai = () => keys.OPENAI_API_KEY ?? '';
  return {
    stt: { deepgram: deepgramListen({ url: settings.DEEPGRAM_URL, key: deepgram }) },
    llm: { openai: openaiChat({ baseUrl: settings.OPENAI_BASE_URL, key: openai }) },
    tts: {
      openai: openaiSpeech({ baseUrl: settings.OPENAI_BASE_URL, key: openai }),
      deepgram: deepgramSpeak({ url: settings.DEEPGRAM_SPEAK_URL, key: deepgram }),
    },
    hasKeys:
      (deepgram() !== '' || !isAt('deepgram.com', settings.DEEPGRAM_URL)) &&
      (openai() !== '' || !isAt('openai.com', settings.OPENAI_BASE_URL)),
    async renewKeys() {
      keys = await secret.fresh().catch(error => {
        log.warn('The keys could not be read again', { reason: (error as Error).name });
        return keys;
      });
    },
  };
}
