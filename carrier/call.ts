/**
 * One call, seen from its A leg: its state, its story, and what the elements of a document may do with it.
 * Two signals rule its life. `line` aborts once, when the call ends; `signal` aborts with it and also when a
 * transfer takes the call to another document, and is fresh for each document. Every wait hangs on one of them, but
 * for streams, which outlive their document: `stay` aborts with a transfer or the end only.
 */
import { randomUUID } from 'node:crypto';
import { encodeTones } from '../doubles/tones.ts';
import { actOut, type CallerScript } from './caller.ts';
import type { Clock } from './clock.ts';
import { playDocuments, type Step } from './document.ts';
import { callFields, hangupFields } from './fields.ts';
import { HANGUP, type Hangup } from './hangup.ts';
import type { Reply } from './http.ts';
import { HungUp, Transferred } from './interrupt.ts';
import { Keypad } from './keypad.ts';
import type { Network, Pace } from './network.ts';
import { orAborted } from './race.ts';
import type { Recorder } from './recorder.ts';
import { type Event, Story } from './story.ts';
import type { StreamSocket } from './stream/socket.ts';
import { FRAME_SAMPLES, RATE } from './stream/sound.ts';
import { Ear, type Heard } from './voice/ear.ts';
import { Mouth } from './voice/mouth.ts';
import { Speaker } from './voice/speaker.ts';
import { Tape } from './voice/tape.ts';
import { Webhooks } from './webhooks.ts';

export type Direction = 'inbound' | 'outbound';

export class Call {
  readonly uuid = randomUUID();
  readonly clock: Clock;
  readonly startedAt: number;
  readonly story: Story;
  readonly webhooks: Webhooks;
  readonly keypad = new Keypad();
  readonly recorders = new Set<Recorder>();
  /** What streams carry to the application, and what they play to whoever is on the line. */
  readonly mouth = new Mouth();
  /** What whoever they are connected to says to them. */
  readonly others = new Mouth();
  /** The frame that a stream plays to them at the moment. */
  played: Int16Array = new Int16Array(FRAME_SAMPLES);
  /** Streams that are open. */
  readonly streams = new Set<StreamSocket>();
  readonly ear = new Ear((text, from) => this.story.add({ kind: 'hears', text, from }));
  readonly speaker = new Speaker(this);
  /** Both sides of every stream, for a script that asks to be taped. */
  readonly tape: Tape | undefined;
  /** Recordings that begin when a `<Dial>` connects. */
  readonly atBridge: (() => void)[] = [];
  answeredAt?: number;
  endedAt?: number;
  ended?: Hangup;
  readonly #line = new AbortController();
  #flow = new AbortController();
  #stay = new AbortController();
  readonly #afterHangup: (() => void)[] = [];
  readonly #background: Promise<void>[] = [];

  constructor(
    readonly network: Network,
    readonly direction: Direction,
    readonly script: CallerScript,
    readonly hangupUrl: string | undefined,
    readonly pace: Pace = network.pace(),
  ) {
    this.clock = pace.clock;
    this.startedAt = this.clock.now();
    this.story = new Story(() => this.clock.now() - this.startedAt);
    this.webhooks = new Webhooks(this.uuid, this.story, network.sender, network.deliver);
    this.tape = script.taped ? new Tape() : undefined;
    const { from, to } = script;
    this.story.add({ kind: 'calls', call: this.uuid, from, to, direction });
    network.add(this);
  }

  get from() {
    return this.script.from;
  }
  get to() {
    return this.script.to;
  }
  get line(): AbortSignal {
    return this.#line.signal;
  }
  get signal(): AbortSignal {
    return this.#flow.signal;
  }
  get stay(): AbortSignal {
    return this.#stay.signal;
  }
  get isRinging() {
    return this.answeredAt === undefined && !this.ended;
  }
  get isInProgress() {
    return this.answeredAt !== undefined && !this.ended;
  }

  /** Plays `first` and everything it leads to, until the call has ended and its last webhook is delivered. */
  async run(first: Step): Promise<void> {
    try {
      this.inBackground(() => actOut(this.script, this));
      await playDocuments(this, first);
      this.hangUp(HANGUP.endOfXml);
    } catch (error) {
      if (!(error instanceof HungUp)) this.hangUp({ ...HANGUP.internal, reason: String(error) });
    }
    await this.finish();
  }

  /** The webhooks of the end, in Vobiz's order: Hangup, then a Dial's action, then RecordStop. */
  async finish(): Promise<void> {
    await Promise.all(this.#background);
    if (this.hangupUrl) this.tell({ url: this.hangupUrl, method: 'POST', fields: hangupFields(this) });
    for (const tell of this.#afterHangup) tell();
    for (const recorder of this.recorders) recorder.stop('HungUp');
    await this.webhooks.flushed();
    this.story.add({ kind: 'done' });
  }

  /** A fresh signal for the next document. Throws when the call has ended. */
  beginDocument(): void {
    this.line.throwIfAborted();
    this.#flow = new AbortController();
  }

  answer(): void {
    if (!this.isRinging) return;
    this.answeredAt = this.clock.now();
    this.story.add({ kind: 'answered' });
  }

  /** Ends the call; the first reason stays. */
  hangUp(hangup: Hangup): void {
    if (this.ended) return;
    this.ended = hangup;
    this.endedAt = this.clock.now();
    this.story.add({ kind: 'hangup', ...hangup });
    const interrupt = new HungUp(hangup);
    this.#flow.abort(interrupt);
    this.#stay.abort(interrupt);
    this.#line.abort(interrupt);
  }

  /** Ends the call from inside an element. */
  drop(hangup: Hangup): never {
    this.hangUp(hangup);
    throw new HungUp(this.ended ?? hangup);
  }

  callerHangsUp(): void {
    this.hangUp(this.isRinging ? HANGUP.callerGaveUp : HANGUP.byCaller);
  }

  press(digit: string): void {
    this.story.add({ kind: 'digits', digits: digit });
    this.keypad.press(digit);
  }

  /** Whoever is on the line says `text` on the stream, at once, in the doubles' tones. Resolves when it is said. */
  say(text: string): Promise<void> {
    return this.sayAloud(encodeTones(text, { rate: RATE }), text);
  }

  /** As `say`, with sound of any kind. @param pcm at 8 kHz @param text what it is called in the story */
  sayAloud(pcm: Int16Array, text: string): Promise<void> {
    this.story.add({ kind: 'speaks', text, ms: (pcm.length / RATE) * 1000 });
    return orAborted(this.mouth.say(pcm), this.line);
  }

  /** What was really played to whoever is on the line, character by character. */
  heard(): Heard[] {
    return this.ear.characters;
  }

  /** Notes what the application did wrong on a stream, once. */
  complain(reason: string): void {
    if (this.story.of('complains').some(entry => entry.reason === reason)) return;
    this.story.add({ kind: 'complains', reason });
  }

  /** Breaks off whatever runs and goes on with the document at `url`. False when the call is not in progress. */
  transfer(url: string, method: string): boolean {
    if (!this.isInProgress || this.signal.aborted) return false;
    this.story.add({ kind: 'transferred', url });
    const interrupt = new Transferred(url, method);
    this.#stay.abort(interrupt);
    this.#stay = new AbortController();
    this.#flow.abort(interrupt);
    return true;
  }

  /** Lets the caller hear something for `ms`, and says in the story when it is cut short. */
  async sound(event: Event, ms: number, signal = this.signal): Promise<void> {
    const { at } = this.story.add(event);
    try {
      await this.clock.sleep(ms, signal);
    } catch (interrupt) {
      this.story.add({ kind: 'cut', ms: this.clock.now() - this.startedAt - at });
      throw interrupt;
    }
  }

  sleep(ms: number): Promise<void> {
    return this.clock.sleep(ms, this.signal);
  }

  /** Requests a document; the answer is no longer waited for when the call moves on. */
  ask(url: string, method: string, fields: Record<string, string>): Promise<Reply> {
    const reply = this.webhooks.ask({ url, method, fields: { ...callFields(this), ...fields } });
    return orAborted(reply, this.signal);
  }

  /** Sends a callback, in order, without waiting. `fields` are all of it. */
  tell(outgoing: { url: string; method: string; fields: Record<string, string> }): void {
    this.webhooks.tell(outgoing);
  }

  /** Something to send after the Hangup webhook. */
  afterHangup(tell: () => void): void {
    this.#afterHangup.push(tell);
  }

  /** Work beside the document that lives as long as the call. It may end by the call's end, and no other way. */
  inBackground(work: () => Promise<void>): void {
    this.#background.push(
      work().catch(error => {
        if (!(error instanceof HungUp)) this.hangUp({ ...HANGUP.internal, reason: String(error) });
      }),
    );
  }
}
