/** Deepgram's `/v1/listen`: audio in, recognised text out, over one WebSocket. */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { keyOf, pause } from './answer.ts';
import { problem, refusalOf } from './deepgram.ts';
import { decodeUlaw } from './g711.ts';
import { type DeepgramMessage, Recogniser } from './recogniser.ts';
import type { Desk, Fault, ListenRequest, Refusal } from './script.ts';

const IDLE =
  'Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001';
const MODEL = { name: 'double', version: '1', arch: 'tones' };

/** Answers upgrades to WebSocket on `/v1/listen`. */
export function listenServer(desk: Desk) {
  const sockets = new WebSocketServer({ noServer: true });
  return {
    upgrade: async (incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
      const fault = desk.nextFault('listen');
      const { searchParams } = new URL(incoming.url ?? '/', 'http://double');
      const refusal = refusalOf(desk, keyOf(incoming.headers), fault) ?? unsupported(searchParams);
      if (refusal) return refuse(socket, refusal);
      if (fault?.kind === 'hang') return;
      if (fault?.kind === 'slow') await pause(fault.ms ?? 0);
      sockets.handleUpgrade(incoming, socket, head, opened => listen(desk, opened, searchParams, fault));
    },
    /** Ends every connection at once. */
    stop: () => {
      for (const one of sockets.clients) one.terminate();
      sockets.close();
    },
  };
}

function listen(desk: Desk, socket: WebSocket, query: URLSearchParams, fault: Fault | undefined): void {
  const requestId = randomUUID();
  const request: ListenRequest = { at: Date.now(), query: plain(query), bytes: 0, keep_alives: 0, heard: [] };
  desk.requests.listen.push(request);
  const recogniser = new Recogniser({
    interimResults: query.get('interim_results') === 'true',
    speechEvents: query.get('vad_events') === 'true',
    endpointingMs: milliseconds(query.get('endpointing') ?? '10'),
    utteranceEndMs: milliseconds(query.get('utterance_end_ms')),
    metadata: { request_id: requestId, model_uuid: requestId, model_info: MODEL },
  });
  const say = speaker(desk, socket, request);
  const idle = idleClock(desk, socket);
  if (fault?.kind === 'garbage')
    for (const text of ['not json', '{"type":7}', '[]', '{"type":"Results"}']) socket.send(text);
  if (fault?.kind === 'error_inside')
    say([
      {
        type: 'Error',
        description: 'Internal error',
        message: 'The stream cannot go on.',
        variant: 'double',
      },
    ]);

  socket.on('message', (data: Buffer, binary) => {
    idle.refresh();
    if (!binary) return command(data.toString());
    if (data.length === 0) return command('{"type":"CloseStream"}');
    request.bytes += data.length;
    const after = (fault?.after ?? 0) * 8;
    const breaking = fault && ['close', 'stall'].includes(fault.kind) && request.bytes >= after;
    if (breaking && fault.kind === 'close') return socket.terminate();
    const messages = recogniser.push(decodeUlaw(data));
    if (!breaking && fault?.kind !== 'empty') say(messages);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', code => {
    idle.stop();
    Object.assign(request, { closed_at: Date.now(), code });
  });

  function command(text: string): void {
    const { type } = JSON.parse(text);
    if (type === 'KeepAlive') request.keep_alives++;
    if (type === 'Finalize') say(recogniser.finalize());
    if (type === 'CloseStream') {
      say([...recogniser.finalize(), endOf(requestId, recogniser.duration)]);
      setTimeout(() => socket.close(1000), desk.timing.transcript_ms);
    }
  }
}

/** Sends in order, each `transcript_ms` late, and notes what it says. */
function speaker(desk: Desk, socket: WebSocket, request: ListenRequest) {
  return (messages: DeepgramMessage[]): void => {
    const send = () => {
      for (const message of messages) {
        const text = finalText(message);
        if (text) request.heard.push({ at: Date.now(), text });
        if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
      }
    };
    if (messages.length === 0) return;
    if (desk.timing.transcript_ms > 0) setTimeout(send, desk.timing.transcript_ms);
    else send();
  };
}

/** Neither audio nor a message for too long: closed as Deepgram closes (NET-0001). */
function idleClock(desk: Desk, socket: WebSocket) {
  const timer = setTimeout(() => socket.close(1011, IDLE), desk.timing.idle_ms);
  return { refresh: () => timer.refresh(), stop: () => clearTimeout(timer) };
}

function finalText(message: DeepgramMessage): string {
  if (message.type !== 'Results' || message.is_final !== true) return '';
  const { alternatives } = message.channel as { alternatives: { transcript: string }[] };
  return alternatives[0]?.transcript ?? '';
}

const endOf = (requestId: string, duration: number): DeepgramMessage => ({
  type: 'Metadata',
  transaction_key: 'deprecated',
  request_id: requestId,
  sha256: '0'.repeat(64),
  created: new Date().toISOString(),
  duration,
  channels: 1,
  models: [requestId],
  model_info: { [requestId]: MODEL },
});

/** The double hears telephone audio alone. */
function unsupported(query: URLSearchParams): Refusal | undefined {
  if (query.get('encoding') === 'mulaw' && query.get('sample_rate') === '8000') return undefined;
  return problem(400, 'Bad Request', 'This double hears mulaw of 8000 alone.');
}

function refuse(socket: Duplex, { status, body }: Refusal): void {
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}

const milliseconds = (value: string | null) => (value && /^\d+$/.test(value) ? Number(value) : undefined);

const plain = (query: URLSearchParams): ListenRequest['query'] =>
  Object.fromEntries(
    [...new Set(query.keys())].map(name => {
      const [value = '', ...more] = query.getAll(name);
      return [name, more.length > 0 ? [value, ...more] : value];
    }),
  );
