/** What may stand in a queue's settings. What each setting means is said where the queue is defined. */
import * as z from 'zod/mini';
import { BOUNDS } from '../platform/bounds.ts';
import { CALLBACK_ORDERS, type Queue, STRATEGIES } from '../queue/queue.ts';
import { callbackHours } from './callback-hours.ts';
import { key, language, slug, text, whole } from './fields.ts';

const flag = z.boolean();

const webUrl = z
  .string()
  .check(
    z.maxLength(2000),
    z.regex(/^(https?:\/\/[^\s/?#]\S*)?$/, 'must be an https:// URL, or empty for none'),
  )
  .check(z.refine(given => given === '' || URL.canParse(given), 'must be a URL, or empty for none'));

/** The carrier skips any other format; a URL without an ending may well be of one of the two. */
const audioUrl = webUrl.check(
  z.refine(
    given => !/\.(?!(mp3|wav)$)[a-z]\w{1,4}$/i.test(pathOf(given)),
    'must be the URL of an MP3 or WAV file; the carrier plays nothing else',
  ),
);

const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : '');

export const queueSettings = {
  name: text(100),
  strategy: z.enum(STRATEGIES),
  greeting: text(1000),
  language,
  voice: z.enum(['WOMAN', 'MAN']),
  hold_music_url: audioUrl,
  hold_music_secs: whole(0, 3600),
  hold_wait_secs: whole(...BOUNDS.HOLD_WAIT_SECS),
  max_wait_cycles: whole(...BOUNDS.MAX_WAIT_CYCLES),
  max_wait_secs: whole(0, 86_400),
  max_waiting: whole(0, 10_000),
  on_full: z.enum(['voicemail', 'turn_away']),
  when_nobody: z.enum(['hold', 'voicemail']),
  leave_key: key,
  leave_to: z.enum(['voicemail', 'callback']),
  announce_position: flag,
  announce_wait: flag,
  ring_timeout_secs: whole(...BOUNDS.RING_TIMEOUT_SECS),
  talk_limit_secs: whole(10, 86_399),
  confirm_key: key,
  wrap_up_secs: whole(...BOUNDS.WRAP_UP_SECS),
  missed_limit: whole(0, 100),
  ring_all_limit: whole(1, 20),
  skills: z.array(slug).check(z.maxLength(50)),
  priority: whole(0, 99),
  voicemail: flag,
  voicemail_prompt: text(1000),
  voicemail_max_secs: whole(1, 3600),
  voicemail_webhook_url: webUrl,
  callback_order: z.enum(CALLBACK_ORDERS),
  callback_attempts: whole(1, 20),
  callback_retry_secs: whole(10, 86_400),
  callback_ring_secs: whole(5, 120),
  callback_hours: callbackHours,
  callback_expires_secs: whole(60, 30 * 86_400),
  callback_country_code: z
    .string()
    .check(z.regex(/^([1-9]\d{0,2})?$/, 'must be a country code such as 91, or empty for none')),
  callback_prefixes: z
    .array(
      z.string().check(z.regex(/^\+([1-9]\d{0,13})?$/, 'must be how numbers begin, such as +91; + is any')),
    )
    .check(z.maxLength(50)),
  callback_daily_limit: whole(1, 1000),
  callback_webhook_url: webUrl,
  service_level_secs: whole(1, 3600),
  short_abandon_secs: whole(0, 3600),
} satisfies Record<keyof Omit<Queue, 'id'>, z.ZodMiniType>;
