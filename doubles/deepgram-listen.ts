/** Deepgram's `/v1/listen`: the handshake and the connection; what is heard in the audio is the recogniser's. */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { keyOf, pause } from './answer.ts';
import { problem, refusalOf } from './deepgram.ts';
import type { Desk, Refusal } from './desk.ts';
import { DeepgramEar } from './ear.ts';

const IDLE =
  'Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001';

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
      sockets.handleUpgrade(incoming, socket, head, opened =>
        attend(desk, opened, new DeepgramEar(desk, opened, searchParams, fault, randomUUID())),
      );
    },
    /** Ends every connection at once. */
    stop: () => {
      for (const one of sockets.clients) one.terminate();
      sockets.close();
    },
  };
}

function attend(desk: Desk, socket: WebSocket, ear: DeepgramEar): void {
  // Neither audio nor a message for too long: closed as Deepgram closes (NET-0001).
  const idle = setTimeout(() => socket.close(1011, IDLE), desk.timing.idle_ms);
  socket.on('message', (data: Buffer, binary) => {
    idle.refresh();
    if (binary && data.length > 0) ear.hear(data);
    else ear.obey(binary ? { type: 'CloseStream' } : JSON.parse(data.toString()));
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', code => {
    clearTimeout(idle);
    ear.closed(code);
  });
}

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
