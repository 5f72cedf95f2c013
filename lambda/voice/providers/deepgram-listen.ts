/**
 * Deepgram's streaming recognition over one WebSocket. A stream never throws and never reopens: `closed` comes
 * exactly once, whatever happens. Audio sent before the socket is open waits; more than a minute of it waiting, there
 * or in the socket, means that the connection is of no use.
 */
import WebSocket from 'ws';
import { deepgramLanguage } from './deepgram-languages.ts';
import { readMessage } from './deepgram-messages.ts';
import { credentials } from './exchange.ts';
import type { OpenStt, SttEvent, SttOptions, SttStream } from './provider.ts';

export interface DeepgramListenOptions {
  /** `wss://api.deepgram.com/v1/listen` */
  url: string;
  /** Read for every connection, so that a rotated key is used at once. */
  key: () => string;
  /** 3000. */
  connectMs?: number;
}

/** µ-law of 8 kHz. */
const MOST_WAITING = 60 * 8000;
/** How long the last results may take once the stream is closed. */
const CLOSING_MS = 1000;
/** Neither the key nor the request will be better next time. */
const REFUSED = [400, 401, 402, 403, 404];

type Listener = (event: SttEvent) => void;

export const deepgramListen =
  (options: DeepgramListenOptions): OpenStt =>
  (stt, listener) =>
    new DeepgramStream(options, stt, listener);

class DeepgramStream implements SttStream {
  private readonly socket: WebSocket | undefined;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private closed = false;
  private closing: NodeJS.Timeout | undefined;

  constructor(
    { url, key, connectMs = 3000 }: DeepgramListenOptions,
    stt: SttOptions,
    private readonly listener: Listener,
  ) {
    try {
      this.socket = new WebSocket(addressOf(url, stt), {
        headers: credentials('Token', key()),
        handshakeTimeout: connectMs,
        perMessageDeflate: false,
      });
      this.attend(this.socket);
    } catch {
      // Thrown for an address or a key that cannot be sent; the error may quote them.
      queueMicrotask(() => this.finish(true, 'the address or the key is malformed'));
    }
  }

  send(audio: Uint8Array): void {
    // An empty message would end the stream.
    if (!this.socket || this.closed || this.closing || audio.length === 0) return;
    if (this.waitingBytes + this.socket.bufferedAmount + audio.length > MOST_WAITING) {
      this.give('too much audio waits for the connection');
    } else if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(audio);
    } else {
      this.waiting.push(audio);
      this.waitingBytes += audio.length;
    }
  }

  keepAlive(): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send('{"type":"KeepAlive"}');
  }

  close(): void {
    if (!this.socket || this.closed || this.closing) return;
    this.closing = setTimeout(() => this.give('closed by us'), CLOSING_MS);
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send('{"type":"CloseStream"}');
    else this.give('closed by us');
  }

  private attend(socket: WebSocket): void {
    socket.on('open', () => {
      for (const audio of this.waiting) socket.send(audio);
      this.waiting = [];
      this.waitingBytes = 0;
      this.tell({ type: 'alive' });
    });
    socket.on('message', (data, binary) => {
      const event = readMessage(binary ? '' : String(data));
      if (event.type === 'closed') this.give(event.reason);
      else this.tell(event);
    });
    socket.on('unexpected-response', (request, { statusCode = 0 }) => {
      this.finish(REFUSED.includes(statusCode), `Deepgram answered ${statusCode}`);
      request.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.finish(false, `the connection failed (${error.code ?? 'network error'})`),
    );
    socket.on('close', (code, reason) => {
      const [net] = /net-?\d{4}/i.exec(String(reason)) ?? [];
      this.finish(false, this.closing ? 'closed by us' : `Deepgram closed (${code}${net ? `, ${net}` : ''})`);
    });
  }

  /** Breaks the connection off. */
  private give(reason: string): void {
    this.finish(false, reason);
    this.socket?.terminate();
  }

  private finish(refused: boolean, reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.waiting = [];
    clearTimeout(this.closing);
    this.listener({ type: 'closed', refused, reason });
  }

  private tell(event: SttEvent): void {
    if (!this.closed) this.listener(event);
  }
}

function addressOf(url: string, { model, language, keyterms }: SttOptions): string {
  const address = new URL(url);
  const query = {
    encoding: 'mulaw',
    sample_rate: '8000',
    channels: '1',
    model,
    language: deepgramLanguage(language, model),
    interim_results: 'true',
    punctuate: 'true',
    smart_format: 'true',
    endpointing: '300',
    utterance_end_ms: '1000',
    vad_events: 'true',
  };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  for (const [name, value] of boosted(model, keyterms)) address.searchParams.append(name, value);
  return address.href;
}

/** Nova-3 takes phrases as `keyterm`, the models before it single words as `keywords`. */
function boosted(model: string, keyterms: string[]): [name: string, value: string][] {
  if (/^nova-[3-9]/.test(model)) return keyterms.map(term => ['keyterm', term]);
  return keyterms.flatMap(term => term.split(/\s+/).filter(Boolean)).map(word => ['keywords', word]);
}
