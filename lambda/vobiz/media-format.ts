/** What a stream carries, as its `start` names it; the carrier's word counts, not what was asked for. */
import type { AudioFormat } from '../codec/to-mu-law.ts';

export type MediaFormat = AudioFormat;

/** What the product asks for; taken to be meant by a `start` that names no format. */
const ASKED_FOR: MediaFormat = { encoding: 'mulaw', sampleRate: 8000 };

/** Media types without `audio/` and `x-`, in lower case. */
const ENCODINGS: ReadonlyMap<string, MediaFormat['encoding']> = new Map([
  ['mulaw', 'mulaw'],
  ['ulaw', 'mulaw'],
  ['pcmu', 'mulaw'],
  ['alaw', 'alaw'],
  ['pcma', 'alaw'],
  ['l16', 'l16'],
]);

const RATES = [8000, 48_000] as const;

/**
 * Undefined for a format that nobody here can read. The encoding may stand alone; the rate may be a number, a string,
 * or in the encoding.
 */
export function readMediaFormat(given: unknown): MediaFormat | undefined {
  if (given === undefined || given === null) return ASKED_FOR;
  const fields = typeof given === 'string' ? { encoding: given } : given;
  const { encoding: type, sampleRate: rate } = fields as { encoding?: unknown; sampleRate?: unknown };
  if (typeof type !== 'string') return undefined;
  const [name = '', ...parameters] = type.toLowerCase().split(';');
  const encoding = ENCODINGS.get(name.trim().replace(/^(audio\/)?(x-)?/, ''));
  const sampleRate = Number(rate ?? rateIn(parameters) ?? ASKED_FOR.sampleRate);
  const usable = Number.isInteger(sampleRate) && sampleRate >= RATES[0] && sampleRate <= RATES[1];
  return encoding && usable ? { encoding, sampleRate } : undefined;
}

const rateIn = (parameters: string[]) =>
  parameters.map(parameter => /^\s*rate=(\d+)\s*$/.exec(parameter)?.[1]).find(Boolean);
