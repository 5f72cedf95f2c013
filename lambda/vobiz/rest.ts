/**
 * The carrier's REST API, as far as we use it (docs.vobiz.ai/call). No function throws: each answers with one of
 * the outcomes below within the client's time-out. The auth token is in no outcome; the carrier's `message` may
 * name telephone numbers: mask it before it is logged.
 *
 * A request that may be repeated without harm is sent once more when the carrier was unavailable and there is
 * time left. Placing a call is never repeated: the API knows no idempotency key, so "unavailable" may well mean
 * that the call was placed.
 */
import {
  download,
  type Failure,
  type FileReply,
  type Request,
  requester,
  type VobizOptions,
} from './http.ts';

export type { Failure, VobizOptions } from './http.ts';

export type Outcome = { kind: 'ok' } | Failure;
type MakeCallOutcome = { kind: 'ok'; callId: string } | Failure;
export type Liveness = 'live' | 'gone' | 'unknown';

export interface NewCall {
  /** A number of the account, E.164. */
  from: string;
  to: string;
  answerUrl: string;
  hangupUrl: string;
  ringUrl?: string;
  fallbackUrl?: string;
  /** `hangup` ends the call at once when a machine answers. */
  machineDetection?: 'true' | 'hangup';
  machineDetectionUrl?: string;
  callerName?: string;
  /** Seconds. */
  ringTimeoutSecs?: number;
  timeLimitSecs?: number;
}

export interface VobizClient {
  /** Makes the A-leg of a call in progress continue at `alegUrl`. */
  transfer(callId: string, target: { alegUrl: string }): Promise<Outcome>;
  hangUp(callId: string): Promise<Outcome>;
  /** Every recording of the call that is going on. */
  stopRecording(callId: string): Promise<Outcome>;
  liveCall(callId: string): Promise<Liveness>;
  /** Ends one media stream of a call, or all of them. */
  stopStreams(callId: string, streamId?: string): Promise<Outcome>;
  /** The file of a recording, at the address that the carrier has told. */
  recording(url: string): Promise<FileReply>;
  makeCall(call: NewCall): Promise<MakeCallOutcome>;
}

export function vobizClient(options: VobizOptions): VobizClient {
  const send = requester(options);
  const account = `/Account/${encodeURIComponent(options.authId)}/Call/`;

  /** @param rest of the path, or a query */
  async function toCall(callId: string, request: Omit<Request, 'path' | 'repeatable'>, rest = '') {
    if (!/^[\w-]+$/.test(callId)) return { kind: 'gone' } as const;
    return send({ ...request, path: `${account}${callId}/${rest}`, repeatable: true });
  }

  return {
    async transfer(callId, { alegUrl }) {
      return plain(
        await toCall(callId, {
          method: 'POST',
          body: { legs: 'aleg', aleg_url: alegUrl, aleg_method: 'POST' },
        }),
      );
    },
    async hangUp(callId) {
      return plain(await toCall(callId, { method: 'DELETE' }));
    },
    async stopRecording(callId) {
      return plain(await toCall(callId, { method: 'DELETE' }, 'Record/'));
    },
    async liveCall(callId) {
      const { kind } = await toCall(callId, { method: 'GET' }, '?status=live');
      return kind === 'ok' ? 'live' : kind === 'gone' ? 'gone' : 'unknown';
    },
    async stopStreams(callId, streamId) {
      const part = streamId === undefined ? 'Stream/' : `Stream/${encodeURIComponent(streamId)}/`;
      return plain(await toCall(callId, { method: 'DELETE' }, part));
    },
    recording: url => download(options, url),
    async makeCall(call) {
      const reply = await send({ method: 'POST', path: account, body: callBody(call), repeatable: false });
      if (reply.kind !== 'ok') return reply;
      const id = reply.body.request_uuid;
      if (typeof id === 'string' && id !== '') return { kind: 'ok', callId: id };
      return { kind: 'unavailable', reason: 'the carrier accepted the call but named no request_uuid' };
    },
  };
}

function plain(reply: { kind: 'ok' } | Failure): Outcome {
  return reply.kind === 'ok' ? { kind: 'ok' } : reply;
}

function callBody(call: NewCall): Record<string, unknown> {
  const callback = (name: string, url: string | undefined) =>
    url === undefined ? {} : { [`${name}_url`]: url, [`${name}_method`]: 'POST' };
  return {
    from: call.from,
    to: call.to,
    ...callback('answer', call.answerUrl),
    ...callback('hangup', call.hangupUrl),
    ...callback('ring', call.ringUrl),
    ...callback('fallback', call.fallbackUrl),
    machine_detection: call.machineDetection,
    ...callback('machine_detection', call.machineDetectionUrl),
    caller_name: call.callerName,
    ring_timeout: call.ringTimeoutSecs,
    time_limit: call.timeLimitSecs,
  };
}
