/** `POST /Call/`: reads an order for an outbound call and places it. */
import { randomUUID } from 'node:crypto';
import type { MachineDetection } from './machine.ts';
import type { Network } from './network.ts';
import { type OutboundOrder, placeOutbound } from './outbound.ts';
import type { Answer, Track } from './server.ts';

const RING_TIMEOUT_SECS = 120;
const TIME_LIMIT_SECS = 14_400;
const DETECTION_MS = 5_000;
/** Least and most, by Vobiz's page. */
const DETECTION_RANGE_MS = [2_000, 10_000] as const;
/** Asked for by some applications; this carrier does not play them, and says so instead of ignoring them. */
const NOT_YET = ['send_digits', 'sip_headers', 'hangup_on_ring'];

type Fields = Record<string, unknown>;

/** 201 at once, and the call rings; 400 with the reason for an order that makes no sense. */
export function makeCall(network: Network, track: Track, fields: Fields): Answer {
  const order = readOrder(network, fields);
  if (typeof order === 'string') return { status: 400, body: { error: order } };
  const { call, run } = placeOutbound(network, order);
  void track(run());
  return { status: 201, body: { api_id: randomUUID(), message: 'Call fired', request_uuid: call.uuid } };
}

/** The order, or what is wrong with it. */
function readOrder(network: Network, fields: Fields): OutboundOrder | string {
  const text = textsOf(fields);
  for (const name of ['from', 'to', 'answer_url', 'answer_method']) {
    if (!text(name)) return `${name} is required.`;
  }
  const odd =
    NOT_YET.find(name => fields[name] !== undefined) ?? (text('to').includes('<') ? 'to with "<"' : '');
  if (odd) return `${odd} is not supported by this carrier yet.`;
  if (!network.owns(text('from'))) return `The from number ${text('from')} is not owned by this account.`;
  const detection = readDetection(fields);
  if (typeof detection === 'string') return detection;
  return {
    from: text('from'),
    to: text('to'),
    answerUrl: text('answer_url'),
    answerMethod: text('answer_method').toUpperCase(),
    ringTimeoutMs: Number(fields.ring_timeout ?? RING_TIMEOUT_SECS) * 1000,
    limitMs: Number(fields.time_limit ?? TIME_LIMIT_SECS) * 1000,
    ...(text('hangup_url') && { hangupUrl: text('hangup_url') }),
    ...(text('ring_url') && { ringUrl: text('ring_url') }),
    ...(text('fallback_url') && { fallbackUrl: text('fallback_url') }),
    ...(detection && { detection }),
  };
}

function readDetection(fields: Fields): MachineDetection | string | undefined {
  const text = textsOf(fields);
  const mode = fields.machine_detection;
  if (mode === undefined) return undefined;
  if (mode !== true && mode !== 'true' && mode !== 'hangup')
    return 'machine_detection must be "true" or "hangup".';
  const limitMs = Number(fields.machine_detection_time ?? DETECTION_MS);
  const [least, most] = DETECTION_RANGE_MS;
  if (!(limitMs >= least && limitMs <= most)) return `machine_detection_time must be ${least} to ${most}.`;
  const url = text('machine_detection_url');
  const method = text('machine_detection_method').toUpperCase() || 'POST';
  return { hangsUp: mode === 'hangup', limitMs, method, ...(url && { url }) };
}

const textsOf = (fields: Fields) => (name: string) =>
  typeof fields[name] === 'string' ? String(fields[name]) : '';
