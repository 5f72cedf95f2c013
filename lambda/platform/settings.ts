/** The plain settings, read once per container. A malformed one stops the function with the name and the remedy. */
import * as z from 'zod/mini';
import { e164 } from './numbers.ts';

const whole = (least: number) => `must be a whole number from ${least} up`;
const count = (least: number, otherwise: number) =>
  z._default(
    z.coerce.number({ error: whole(least) }).check(z.int(whole(least)), z.minimum(least, whole(least))),
    otherwise,
  );
const number = z._default(e164, '');
const flag = z._default(z.enum(['true', 'false'], 'must be true or false'), 'false');
const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be a URL that starts with https:// (or http://)',
});

const shape = z.object({
  FROM_NUMBER: number,
  AGENT_NUMBER: number,
  HOLD_MUSIC_URL: z._default(httpUrl, ''),
  MAX_WAIT_CYCLES: count(1, 3),
  HOLD_WAIT_SECS: count(1, 20),
  RING_TIMEOUT_SECS: count(1, 15),
  WRAP_UP_SECS: count(0, 0),
  REQUIRE_VOBIZ_SIGNATURE: flag,
  RECORD_RETENTION_DAYS: count(1, 400),
  VOBIZ_API_URL: z._default(httpUrl, 'https://api.vobiz.ai/api/v1'),
  HTTP_ALLOW_HOSTS: z._default(z.string(), ''),
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
