/** The plain settings, read once per container. A malformed one stops the function with the name and the remedy. */
import * as z from 'zod/mini';
import { BOUNDS } from './bounds.ts';
import { e164 } from './numbers.ts';

function count(name: keyof typeof BOUNDS, otherwise: number) {
  const [least, most] = BOUNDS[name];
  const error = `must be a whole number from ${least} to ${most}`;
  const whole = z.coerce
    .number({ error })
    .check(z.int(error), z.minimum(least, error), z.maximum(most, error));
  return z._default(whole, otherwise);
}
const number = z._default(e164, '');
const flag = z._default(z.enum(['true', 'false'], 'must be true or false'), 'false');
const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be a URL that starts with https:// (or http://)',
});

const socketUrl = z.url({
  protocol: /^wss?$/,
  error: 'must be a URL that starts with wss:// (or ws://)',
});

const shape = z.object({
  FROM_NUMBER: number,
  AGENT_NUMBER: number,
  HOLD_MUSIC_URL: z._default(httpUrl, ''),
  MAX_WAIT_CYCLES: count('MAX_WAIT_CYCLES', 3),
  HOLD_WAIT_SECS: count('HOLD_WAIT_SECS', 20),
  RING_TIMEOUT_SECS: count('RING_TIMEOUT_SECS', 15),
  WRAP_UP_SECS: count('WRAP_UP_SECS', 0),
  REQUIRE_VOBIZ_SIGNATURE: flag,
  RECORD_RETENTION_DAYS: count('RECORD_RETENTION_DAYS', 400),
  VOBIZ_API_URL: z._default(httpUrl, 'https://api.vobiz.ai/api/v1'),
  HTTP_ALLOW_HOSTS: z._default(z.string(), ''),
  AGENT_SYSTEM_PROMPT: z._default(z.string(), ''),
  OPENAI_TTS_VOICE: z._default(z.string(), 'alloy'),
  OPENAI_MODEL: z._default(z.string(), 'gpt-4o-mini'),
  OPENAI_BASE_URL: z._default(httpUrl, 'https://api.openai.com/v1'),
  DEEPGRAM_URL: z._default(socketUrl, 'wss://api.deepgram.com/v1/listen'),
  DEEPGRAM_SPEAK_URL: z._default(httpUrl, 'https://api.deepgram.com/v1/speak'),
  TRANSCRIPT_WEBHOOK_URL: z._default(httpUrl, ''),
  MESSAGE_WEBHOOK_URL: z._default(httpUrl, ''),
  PLAY_FRAME_MS: z._default(z.enum(['20', '40', '60'], 'must be 20, 40 or 60'), '20'),
  SESSION_MAX_SECS: count('SESSION_MAX_SECS', 810),
  PUBLIC_URL: httpUrl,
});

export type Settings = z.infer<typeof shape>;

/** @throws an Error naming every setting that is missing or malformed */
export function settingsFrom(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = shape.safeParse(given);
  if (parsed.success) return { ...parsed.data, PUBLIC_URL: parsed.data.PUBLIC_URL.replace(/\/+$/, '') };
  const complaints = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Settings that must be put right: ${complaints.join('; ')}`);
}
