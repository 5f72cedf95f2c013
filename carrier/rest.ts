/**
 * The REST API under `/api/v1`, as far as it concerns calls: make, transfer, hang up, stop recording, list. Statuses
 * and bodies are those seen on the wire, among them 401 for a path without its trailing slash.
 */
import { randomUUID } from 'node:crypto';
import type { Call } from './call.ts';
import { HANGUP } from './hangup.ts';
import { makeCall } from './make-call.ts';
import type { Network } from './network.ts';
import type { Answer, Request, Track } from './server.ts';
import { utcMicros } from './times.ts';

export function answerRest(network: Network, track: Track, request: Request): Answer {
  const { authId, authToken } = network.options;
  const { pathname } = request.url;
  if (request.authId !== authId || request.authToken !== authToken)
    return failure(401, 'Invalid credentials.');
  const media = /^\/media\/([\w-]+)\.\w+$/.exec(pathname);
  if (media?.[1]) return recordingFile(network, media[1]);
  const account = `/api/v1/Account/${authId}/`;
  if (!pathname.startsWith(account) || !pathname.endsWith('/')) {
    return failure(401, 'Unknown account, or the path lacks its trailing slash.');
  }
  const refused = network.options.refuse?.(request.method, pathname);
  if (refused !== undefined) return refusal(refused);
  const [resource, uuid, part, id] = pathname.slice(account.length).split('/');
  if (resource !== 'Call') return NOT_FOUND;
  if (!uuid) return allCalls(network, track, request);
  return part ? partOfCall(network, request, uuid, { part, id }) : oneCall(network, request, uuid);
}

const NOT_FOUND: Answer = { status: 404, body: { message: 'Not Found' } };

/** What runs beside a live call: all of it, or the one of that id. */
function partOfCall(
  network: Network,
  { method }: Request,
  uuid: string,
  { part, id }: { part: string; id: string | undefined },
): Answer {
  const call = network.calls.get(uuid);
  if (!call || call.ended) return failure(404, 'No live call has this UUID.');
  const running = { Record: call.recorders, Stream: call.streams }[part];
  if (!running || method !== 'DELETE') return NOT_FOUND;
  for (const one of [...running]) if (!id || one.id === id) one.stop();
  return { status: 204 };
}

function allCalls(network: Network, track: Track, request: Request): Answer {
  if (request.method === 'POST') return makeCall(network, track, fieldsOf(request));
  if (request.method !== 'GET') return failure(405, `${request.method} is not possible here.`);
  if (request.url.searchParams.get('status') !== 'live') return failure(400, 'Add ?status=live.');
  const live = [...network.calls.values()].filter(call => !call.ended);
  return { status: 200, body: { api_id: randomUUID(), calls: live.map(call => call.uuid) } };
}

function oneCall(network: Network, request: Request, uuid: string): Answer {
  const call = network.calls.get(uuid);
  if (!call || call.ended) return failure(404, 'No live call has this UUID.');
  if (request.method === 'POST') return transfer(call, fieldsOf(request));
  if (request.method === 'DELETE') {
    call.hangUp(call.isRinging ? HANGUP.canceledByApi : HANGUP.byApi);
    return { status: 204 };
  }
  if (request.url.searchParams.get('status') !== 'live') return failure(400, 'Add ?status=live.');
  return { status: 200, body: describe(call) };
}

function transfer(call: Call, fields: Record<string, unknown>): Answer {
  const { legs = 'aleg', aleg_url: url, aleg_method: method = 'POST' } = fields;
  if (legs !== 'aleg') return failure(400, `legs=${legs} is not supported by this carrier yet, only aleg.`);
  if (typeof url !== 'string' || !URL.canParse(url)) return failure(400, 'aleg_url must be a URL.');
  if (!call.transfer(url, String(method).toUpperCase())) return failure(404, 'The call is not in progress.');
  return {
    status: 202,
    body: { api_id: randomUUID(), message: 'call transferred', call_uuids: [call.uuid] },
  };
}

function describe(call: Call) {
  return {
    api_id: randomUUID(),
    call_uuid: call.uuid,
    call_status: call.isRinging ? 'ringing' : 'in-progress',
    direction: call.direction,
    from: call.from,
    to: call.to,
    session_start: utcMicros(call.startedAt),
  };
}

/** Nobody really spoke, so the file is silence of the right length; a WAV whatever its name says. */
function recordingFile(network: Network, id: string): Answer {
  const recording = network.recordings.get(id);
  if (!recording) return failure(404, 'No such recording.');
  return { status: 200, bytes: silentWav(recording.ms), contentType: 'audio/wav' };
}

function silentWav(ms: number): Uint8Array {
  const hz = 8000;
  const samples = Math.round((ms * hz) / 1000);
  const wav = Buffer.alloc(44 + samples, 0x80);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + samples, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(hz, 24);
  wav.writeUInt32LE(hz, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(samples, 40);
  return wav;
}

function fieldsOf(request: Request): Record<string, unknown> {
  return typeof request.body === 'object' && request.body !== null ? { ...request.body } : {};
}

function failure(status: number, message: string): Answer {
  return { status, body: { error: message } };
}

function refusal(status: number): Answer {
  const codes: Record<number, string> = { 402: 'INSUFFICIENT_CREDIT', 429: 'RATE_LIMIT_EXCEEDED' };
  const details = status === 429 ? { limitType: 'cps', limit: 1, current: 2, retryAfter: 1 } : {};
  const error = { code: codes[status] ?? 'REFUSED', message: `The carrier refuses with ${status}.`, details };
  return { status, body: { status: 'error', error, requestId: randomUUID() } };
}
