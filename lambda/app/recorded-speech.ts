/** The transcriber of files, with the deployment's address and key; a key that is refused is read again, once. */
import type { Secret } from '../platform/secrets.ts';
import { deepgramRecorded } from '../voice/providers/deepgram-recorded.ts';
import { ProviderError, type TranscribeFile } from '../voice/providers/provider.ts';

/** @param secret asked for when the first file is transcribed */
export function recordedSpeech(url: string, secret: () => Secret): TranscribeFile {
  return async (...file) => {
    const attempt = (key: string | undefined) => deepgramRecorded({ url, key: () => key ?? '' })(...file);
    const { DEEPGRAM_API_KEY: known } = await secret().read();
    try {
      return await attempt(known);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'refused') throw error;
      const { DEEPGRAM_API_KEY: fresh } = await secret().fresh();
      if (fresh === known) throw error;
      return attempt(fresh);
    }
  };
}
