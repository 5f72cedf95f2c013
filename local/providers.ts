/**
 * Who listens, thinks and speaks for the assistants of a local stack: a real provider where its key or an address of
 * its own is given, else a double on this machine, which costs nothing, needs no network, and speaks in tones.
 */
import { startDoubles } from '../doubles/start.ts';

export interface Providers {
  /** Settings of the functions: addresses of the doubles. */
  settings: Record<string, string>;
  /** Keys where none was given: empty for an address of the user's own, which is then asked without one. */
  secrets: Record<string, string>;
  /** Providers for which a double stands in. */
  doubled: string[];
  stop(): Promise<void>;
}

interface Provider {
  name: string;
  key: string;
  addresses: string[];
}

const PROVIDERS: Provider[] = [
  { name: 'Deepgram', key: 'DEEPGRAM_API_KEY', addresses: ['DEEPGRAM_URL', 'DEEPGRAM_SPEAK_URL'] },
  { name: 'OpenAI', key: 'OPENAI_API_KEY', addresses: ['OPENAI_BASE_URL'] },
];

/** @param given plain settings and keys, as the user set them */
export async function openProviders(given: Record<string, string>): Promise<Providers> {
  const keyless = PROVIDERS.filter(({ key }) => !given[key]);
  const doubled = keyless.filter(({ addresses }) => !addresses.some(address => given[address]));
  const secrets = Object.fromEntries(
    keyless.map(provider => [provider.key, doubled.includes(provider) ? 'double-key' : '']),
  );
  if (doubled.length === 0) return { settings: {}, secrets, doubled: [], stop: async () => undefined };
  const doubles = await startDoubles();
  const addresses: Record<string, string> = {
    DEEPGRAM_URL: doubles.deepgramUrl,
    DEEPGRAM_SPEAK_URL: doubles.deepgramSpeakUrl,
    OPENAI_BASE_URL: doubles.openaiBaseUrl,
  };
  return {
    settings: Object.fromEntries(
      doubled.flatMap(provider => provider.addresses).map(name => [name, addresses[name] ?? '']),
    ),
    secrets,
    doubled: doubled.map(({ name }) => name),
    stop: doubles.stop,
  };
}
