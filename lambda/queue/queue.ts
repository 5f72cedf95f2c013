/**
 * A queue's own settings. Every field has a default (`queueDefaults`), so an item stores only what its owner
 * chose and a new setting never needs a migration.
 */

export const STRATEGIES = [
  'round_robin',
  'longest_idle',
  'fewest_calls',
  'random',
  'top_down',
  'ring_all',
] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Whose phone rings first when a callback's turn has come. */
export const CALLBACK_ORDERS = ['agent_first', 'caller_first'] as const;
export type CallbackOrder = (typeof CALLBACK_ORDERS)[number];

/** When callers may be called back; what is left out is any. */
export interface CallbackHours {
  /** IANA. */
  timezone: string;
  /** Sunday is 0; none: every day. */
  weekdays: number[];
  /** `HH:MM`; `from` is included, `to` is not, and may be of the next day. */
  from?: string | undefined;
  to?: string | undefined;
  /** `YYYY-MM-DD`, or `MM-DD` of every year. */
  holidays: string[];
}

export const DEFAULT_QUEUE = 'default';

export interface Queue {
  id: string;
  name: string;
  strategy: Strategy;
  greeting: string;
  language: string;
  voice: 'WOMAN' | 'MAN';
  /** MP3 or WAV by https; empty for the built-in music. */
  hold_music_url: string;
  /** Length of that file, when known: it is then looped to fill the cycle. */
  hold_music_secs: number;
  hold_wait_secs: number;
  max_wait_cycles: number;
  /** 0 for no limit beside the cycles. */
  max_wait_secs: number;
  /** Callers in line; 0 for no limit. */
  max_waiting: number;
  /** What happens when the line is full. */
  on_full: 'voicemail' | 'turn_away';
  /** What happens when every agent is offline and there is no `AGENT_NUMBER`. */
  when_nobody: 'hold' | 'voicemail';
  /** Digit that leaves the line; empty for none. */
  leave_key: string;
  /** What that digit leads to. */
  leave_to: 'voicemail' | 'callback';
  announce_position: boolean;
  announce_wait: boolean;
  ring_timeout_secs: number;
  /** Longest conversation, seconds. */
  talk_limit_secs: number;
  /** Digit that an agent must press to accept; empty for none. The carrier's enforcement is unverified. */
  confirm_key: string;
  wrap_up_secs: number;
  /** Missed rings in a row after which an agent is set away; 0 for never. */
  missed_limit: number;
  /** How many phones `ring_all` rings at most. */
  ring_all_limit: number;
  /** Skills that every caller of this queue needs. */
  skills: string[];
  priority: number;
  voicemail: boolean;
  voicemail_prompt: string;
  voicemail_max_secs: number;
  /** Told of each new message, by https; empty for none. */
  voicemail_webhook_url: string;
  callback_order: CallbackOrder;
  /** How often the caller is tried. */
  callback_attempts: number;
  /** From an attempt that has failed to the next. */
  callback_retry_secs: number;
  /** How long the caller's phone rings. */
  callback_ring_secs: number;
  callback_hours: CallbackHours;
  /** After this time a callback is given up. */
  callback_expires_secs: number;
  /** Of numbers that come without one, such as `91`; empty: such a number is none. */
  callback_country_code: string;
  /** How the numbers begin that callers may have called back beside their own; none: the country's. */
  callback_prefixes: string[];
  /** Callbacks that one number may ask for in a day. */
  callback_daily_limit: number;
  /** Told what has become of each callback, by https; empty for none. */
  callback_webhook_url: string;
  service_level_secs: number;
  /** Abandoned earlier than this counts as a short abandon. */
  short_abandon_secs: number;
}

/** The settings of the deployment that a queue falls back to. */
export interface DeploymentDefaults {
  hold_music_url: string;
  hold_wait_secs: number;
  max_wait_cycles: number;
  ring_timeout_secs: number;
  wrap_up_secs: number;
}

export function queueDefaults(id: string, deployment: DeploymentDefaults): Queue {
  return {
    id,
    name: id,
    strategy: 'round_robin',
    greeting: 'Thank you for calling. Please hold while we connect you.',
    language: 'en-US',
    voice: 'WOMAN',
    hold_music_secs: 0,
    max_wait_secs: 0,
    max_waiting: 0,
    on_full: 'voicemail',
    when_nobody: 'hold',
    leave_key: '',
    leave_to: 'voicemail',
    announce_position: true,
    announce_wait: true,
    talk_limit_secs: 14400,
    confirm_key: '',
    missed_limit: 3,
    ring_all_limit: 10,
    skills: [],
    priority: 0,
    voicemail: true,
    voicemail_prompt: 'Sorry, nobody could take your call. Please leave a message after the tone.',
    voicemail_max_secs: 120,
    voicemail_webhook_url: '',
    callback_order: 'agent_first',
    callback_attempts: 3,
    callback_retry_secs: 600,
    callback_ring_secs: 30,
    callback_hours: { timezone: 'UTC', weekdays: [], holidays: [] },
    callback_expires_secs: 86_400,
    callback_country_code: '',
    callback_prefixes: [],
    callback_daily_limit: 5,
    callback_webhook_url: '',
    service_level_secs: 20,
    short_abandon_secs: 5,
    ...deployment,
  };
}
