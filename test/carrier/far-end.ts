/** The application's end of a `<Stream>`: a small WebSocket server that keeps what came and says what a test tells it. */
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { decodeUlaw, encodeUlaw } from '../../doubles/g711.ts';
import { createToneDecoder, encodeTones } from '../../doubles/tones.ts';

// biome-ignore lint/suspicious/noExplicitAny: messages are read as they came
type Message = Record<string, any>;

export class Far {
  readonly messages: Message[] = [];
  /** When each frame of media came, epoch milliseconds. */
  readonly arrivals: number[] = [];
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #decoder = createToneDecoder(8000);
  readonly #waiting = new Set<() => void>();
  /** What the caller said so far, if the stream is µ-law. */
  said = '';

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise(resolve => socket.once('close', code => resolve(code)));
    socket.on('message', data => {
      const message = JSON.parse(data.toString());
      this.messages.push(message);
      if (message.event === 'media') {
        this.arrivals.push(performance.timeOrigin + performance.now());
        this.#listen(message.media.payload);
      }
      for (const look of [...this.#waiting]) look();
    });
  }

  get start(): Message {
    return this.messages.find(({ event }) => event === 'start')?.start;
  }

  of(event: string): Message[] {
    return this.messages.filter(message => message.event === event);
  }

  /** What was said on one track, where a stream has both. */
  saidOn(track: string): string {
    const decoder = createToneDecoder(8000);
    const heard = this.of('media')
      .filter(({ media }) => media.track === track)
      .flatMap(({ media }) => decoder.push(decodeUlaw(Buffer.from(media.payload, 'base64'))));
    return [...heard, ...decoder.flush()].map(({ char }) => char).join('');
  }

  /** Resolves when the condition holds, looked at after every message. */
  until(condition: (far: this) => boolean): Promise<void> {
    return new Promise(resolve => {
      const look = () => {
        if (!condition(this)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  send(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Says `text` in frames of 20 ms, all at once, then sets a checkpoint if it has a name. */
  play(text: string, checkpoint?: string): void {
    const { streamId } = this.start;
    const bytes = Buffer.from(encodeUlaw(encodeTones(text, { rate: 8000 })));
    for (let at = 0; at < bytes.length; at += 160) {
      const payload = bytes.subarray(at, at + 160).toString('base64');
      const media = { contentType: 'audio/x-mulaw', sampleRate: 8000, payload };
      this.send({ event: 'playAudio', streamId, media });
    }
    if (checkpoint) this.send({ event: 'checkpoint', streamId, name: checkpoint });
  }

  tell(event: 'clearAudio' | 'stop'): void {
    this.send({ event, streamId: this.start.streamId });
  }

  /** Loses the connection without a word. */
  drop(): void {
    this.#socket.terminate();
  }

  #listen(payload: string): void {
    const bytes = Buffer.from(payload, 'base64');
    if (bytes.length !== 160) return;
    for (const { char } of this.#decoder.push(decodeUlaw(bytes))) this.said += char;
  }
}

const open: WebSocketServer[] = [];

/** Serves `ws://.../stream`; `act` is told of each connection, with its number, once its `start` came. */
export async function farEnd(act: (far: Far, count: number) => unknown) {
  const connections: Far[] = [];
  const failures: unknown[] = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  open.push(server);
  server.on('connection', socket => {
    const far = new Far(socket);
    connections.push(far);
    const count = connections.length;
    far
      .until(({ start }) => start !== undefined)
      .then(() => act(far, count))
      .catch(error => failures.push(error));
  });
  await new Promise(resolve => server.once('listening', resolve));
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/stream`, connections, failures };
}

export function closeFarEnds(): void {
  for (const server of open.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
}
