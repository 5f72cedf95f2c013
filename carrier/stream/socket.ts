/**
 * One socket of a `<Stream>`, from its opening to its end. Every 20 ms of carrier time, whether anybody speaks or not,
 * one frame leaves and one frame is heard. The times of the frames are counted from the opening: a late timer is
 * caught up with, and nothing drifts.
 */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Call } from '../call.ts';
import { firstOf, forever, orAborted } from '../race.ts';
import { type Command, understand } from './commands.ts';
import { type StreamFaults, spoil } from './faults.ts';
import { clearedMessage, keyMessage, mediaMessage, playedMessage, startMessage } from './messages.ts';
import type { StreamPlan } from './plan.ts';
import { Player } from './player.ts';
import { encodeSound, FRAME_MS, FRAME_SAMPLES, type SoundFormat } from './sound.ts';
import { type StreamStatus, tellStatus } from './status.ts';

export type Ending = 'stopped' | 'dropped' | 'timed out';

const HANDSHAKE_MS = 10_000;
/** How long the other side may take to close; real milliseconds. */
const CLOSING_MS = 1_000;
/** More than this waiting to leave is a degraded connection. */
const BACKLOG_BYTES = 64 * 1024;

export class StreamSocket {
  readonly id = randomUUID();
  readonly #call: Call;
  readonly #plan: StreamPlan;
  readonly #faults: StreamFaults;
  readonly #format: SoundFormat;
  readonly #player = new Player();
  readonly #spoil: ReturnType<typeof spoil>;
  readonly #socket: WebSocket;
  readonly #closed: Promise<void>;
  #sequence = 0;
  #chunk = 0;
  #degraded = false;
  #stop: () => void = () => undefined;

  constructor(call: Call, plan: StreamPlan, faults: StreamFaults) {
    this.#call = call;
    this.#plan = plan;
    this.#faults = faults;
    this.#format = faults.format ?? plan.format;
    this.#spoil = spoil(faults, call.pace.random);
    this.#socket = new WebSocket(plan.url, { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS });
    this.#socket.on('error', ({ message }) =>
      call.story.add({ kind: 'loses', stream: this.id, reason: message }),
    );
    this.#closed = new Promise(resolve => this.#socket.once('close', () => resolve()));
  }

  /** Ends the stream, as the application or the REST API asks for it. */
  stop(): void {
    this.#stop();
  }

  /** Resolves with how the stream ended; rejects with the reason of `signal`. The socket is closed either way. */
  async run(signal: AbortSignal, dropsAfterMs: number | undefined): Promise<Ending> {
    try {
      const opened = new Promise<true>(resolve => this.#socket.once('open', () => resolve(true)));
      this.#call.streams.add(this);
      if (!(await orAborted(Promise.race([opened, this.#closed]), signal))) return 'dropped';
      return await this.#converse(signal, dropsAfterMs);
    } finally {
      this.#call.streams.delete(this);
      if (this.#plan.bidirectional) this.#call.played = FRAME_SILENCE;
      this.#hangUp();
    }
  }

  async #converse(signal: AbortSignal, dropsAfterMs: number | undefined): Promise<Ending> {
    const { clock } = this.#call;
    const began = clock.now();
    const after = (ms: number, either: AbortSignal) =>
      clock.sleep(Math.max(0, began + ms - clock.now()), either);
    this.#tell('StartStream', { ServiceURL: this.#plan.url });
    const stopped = new Promise<void>(resolve => {
      this.#stop = resolve;
    });
    this.#socket.on('message', (data, isBinary) => this.#receive(isBinary ? '' : data.toString()));
    const ear = this.#plan.bidirectional ? this.#call.ear : undefined;
    ear?.begin(began - this.#call.startedAt);
    this.#start();
    const ending = await firstOf<Ending>(
      signal,
      either => this.#beat(began, either),
      either => this.#passKeysOn(either),
      either => orAborted(stopped, either).then(() => 'stopped'),
      either => orAborted(this.#closed, either).then(() => 'dropped'),
      either => after(this.#plan.timeoutMs, either).then(() => 'timed out'),
      either =>
        dropsAfterMs === undefined ? forever(either) : after(dropsAfterMs, either).then(() => 'dropped'),
    ).finally(() => ear?.end());
    if (ending === 'dropped') this.#socket.terminate();
    return ending;
  }

  #start(): void {
    const { startsAs = this.#call.uuid, mediaBeforeStart = 0 } = this.#faults;
    for (let early = mediaBeforeStart; early > 0; early--)
      this.#sendMedia({ inbound: FRAME_SILENCE, outbound: FRAME_SILENCE }, this.#call.clock.now());
    this.#send(startMessage(startsAs, this.id, this.#plan.tracks, this.#format));
  }

  async #beat(began: number, signal: AbortSignal): Promise<never> {
    const { clock } = this.#call;
    for (let at = began; ; at += FRAME_MS) {
      await clock.sleep(Math.max(0, at - clock.now()), signal);
      this.#exchange(at);
    }
  }

  /** One frame out of each track, one frame into the ear. */
  #exchange(at: number): void {
    const { mouth, others, ear, tape, startedAt } = this.#call;
    const slot = Math.floor((at - startedAt) / FRAME_MS);
    const said = mouth.during(slot, FRAME_SAMPLES);
    if (this.#plan.bidirectional) {
      const { met, pcm } = this.#player.take(FRAME_SAMPLES);
      for (const name of met) this.#played(name);
      tape?.add(at - startedAt, said, pcm);
      ear.hear(pcm);
      this.#call.played = pcm;
    }
    const isAlone = !this.#plan.tracks.includes('outbound');
    const heard = isAlone ? FRAME_SILENCE : mixed(others.during(slot, FRAME_SAMPLES), this.#call.played);
    this.#sendMedia({ inbound: said, outbound: heard }, at);
  }

  #played(name: string): void {
    if (this.#faults.forgetsPlayed) return;
    this.#call.story.add({ kind: 'played', name });
    this.#send(playedMessage(name));
    this.#tell('PlayedStream', { Name: name });
  }

  #sendMedia(sound: Record<'inbound' | 'outbound', Int16Array>, at: number): void {
    const { numbersTogether = false } = this.#faults;
    if (!numbersTogether) this.#chunk++;
    for (const track of this.#plan.tracks) {
      this.#sequence++;
      if (numbersTogether) this.#chunk++;
      const payload = encodeSound(sound[track], this.#format).toString('base64');
      const message = mediaMessage(this.id, this.#sequence, { track, at, chunk: this.#chunk, payload });
      for (const { text, lateMs } of this.#spoil(JSON.stringify(message))) this.#sendLate(text, lateMs);
    }
  }

  #sendLate(text: string, lateMs: number): void {
    const { clock, line } = this.#call;
    if (lateMs === 0) this.#sendText(text);
    else
      clock.sleep(lateMs, line).then(
        () => this.#sendText(text),
        () => undefined, // the call is over, and nobody listens
      );
  }

  #send(message: object): void {
    this.#sendText(JSON.stringify(message));
  }

  #sendText(text: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(text);
    if (this.#degraded || this.#socket.bufferedAmount < BACKLOG_BYTES) return;
    this.#degraded = true;
    this.#tell('DegradedStream', { Error: 'connection degraded' });
  }

  async #passKeysOn(signal: AbortSignal): Promise<never> {
    if (!this.#plan.bidirectional) return forever(signal);
    for (;;) {
      const digit = await this.#call.keypad.next(signal);
      this.#sequence++;
      this.#send(keyMessage(this.id, this.#sequence, digit, this.#call.clock.now()));
    }
  }

  #receive(text: string): void {
    const { command, complaints } = understand(text, this.id);
    for (const complaint of complaints) this.#call.complain(complaint);
    if (!command) return;
    if (this.#plan.bidirectional) this.#do(command);
    else this.#call.complain('the application sent commands on a stream that is not bidirectional');
  }

  #do(command: Command): void {
    if (command.do === 'play') this.#player.add(command.pcm);
    else if (command.do === 'checkpoint') this.#player.checkpoint(command.name);
    else if (command.do === 'stop') this.#stop();
    else if (!this.#faults.ignoresClear) {
      this.#player.clear();
      this.#call.ear.cut();
      this.#call.story.add({ kind: 'cleared' });
      this.#send(clearedMessage(this.id));
      this.#tell('ClearedAudio');
    }
  }

  #tell(event: StreamStatus, more: Record<string, string> = {}): void {
    tellStatus(this.#call, this.#plan, this.id, event, more);
  }

  #hangUp(): void {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.close(1000);
    const timer = setTimeout(() => this.#socket.terminate(), CLOSING_MS);
    void this.#closed.then(() => clearTimeout(timer));
  }
}

const FRAME_SILENCE = new Int16Array(FRAME_SAMPLES);

const mixed = (one: Int16Array, other: Int16Array): Int16Array =>
  one.map((sample, at) => Math.max(-32_768, Math.min(32_767, sample + (other[at] ?? 0))));
