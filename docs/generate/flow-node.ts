/** A node of a drawing: what an action does with its options, in a few words, and the shape of its kind. */
import type { Action } from '../../lambda/flow/flow.ts';

const LONGEST_LABEL = 110;

// biome-ignore lint/suspicious/noExplicitAny: the flow's owner wrote it, and validation has read it
type Option = Record<string, any>;

const LABELS: Record<string, (option: Option) => string> = {
  talk: ({ text }) => `“${plain(text)}”`,
  play: ({ stream_urls }) => `plays ${stream_urls}`,
  digits_receive: ({ length = 1, key }) =>
    `${length} key${length === 1 ? '' : 's'}${key ? ` or ${key}` : ''}`,
  branch: ({ variable = 'voipbin.call.digits' }) => `${variable}?`,
  condition_variable: ({ variable, condition, value_string, value_number }) =>
    `${variable} ${condition} ${value_string ?? value_number}?`,
  condition_datetime: ({ from, to, timezone = 'UTC', weekdays = [], holidays = [] }) =>
    `${from} to ${to} in ${timezone}${daysOf(weekdays)}${holidays.length > 0 ? ', no holiday' : ''}?`,
  variable_set: ({ key, value }) => `${key} = ${value}`,
  webhook_send: ({ method = 'POST', uri }) => `${method} ${URL.canParse(uri) ? new URL(uri).pathname : uri}`,
  queue_join: ({ queue_id }) => `queue ${queue_id}`,
  ai_talk: ({ ai_id, assistance_id }) => `assistant ${ai_id ?? assistance_id}`,
  fetch_flow: ({ flow_id }) => `flow ${flow_id}`,
  connect: ({ destinations, ring_method = 'all' }) =>
    `rings ${numbersOf(destinations)}${ring_method === 'linear' ? ' in turn' : ''}`,
  call: ({ destinations }) => `calls ${numbersOf(destinations)}`,
  callback_request: ({ queue_id }) => `callback from ${queue_id}`,
  recording_start: ({ duration, end_of_silence }) =>
    duration || end_of_silence ? 'takes a message' : 'records from here',
  recording_stop: () => 'records no more',
  transcribe_start: () => 'transcribes from here',
  transcribe_stop: () => 'transcribes no more',
  hangup: () => 'hangs up',
};

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const daysOf = (weekdays: number[]): string =>
  weekdays.length > 0 ? `, ${weekdays.map(day => DAYS[day]).join(' ')}` : '';

export function labelOf({ type, option = {} }: Action): string {
  const label = (LABELS[type]?.(option) ?? type).replace(/\s+/g, ' ');
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1).trimEnd()}…` : label;
}

/** Where the caller is with somebody or something else meanwhile. */
const PLACES = ['queue_join', 'ai_talk', 'connect', 'conference_join', 'confbridge_join', 'fetch_flow'];
/** What reaches beyond the call. */
const REACHING = ['webhook_send', 'call', 'callback_request', 'fetch', 'message_send', 'email_send'];

export function shaped(node: string, type: string, label: string): string {
  const text = quoted(label);
  if (type === 'branch' || type.startsWith('condition_')) return `${node}{${text}}`;
  if (type === 'hangup' || type === 'stop') return `${node}([${text}])`;
  if (PLACES.includes(type)) return `${node}[[${text}]]`;
  return REACHING.includes(type) ? `${node}[/${text}/]` : `${node}[${text}]`;
}

/** Text as Mermaid takes any. */
export const quoted = (text: string): string =>
  `"${text.replace(/#/g, '#35;').replace(/"/g, '#quot;').replace(/</g, '#lt;').replace(/>/g, '#gt;')}"`;

const plain = (text: string): string => text.replace(/<[^>]*>/g, '');

const numbersOf = (destinations: { target: string }[]): string =>
  destinations.map(({ target }) => target).join(', ');
