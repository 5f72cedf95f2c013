/**
 * A small model of the real world around the product: callers, agents' telephones, and a carrier that obeys the
 * documents it is given, keeps its notifications until they are delivered, and may be told to move a leg.
 */
import type { Task } from '../../lambda/app/task.ts';
import { settingsFrom } from '../../lambda/platform/settings.ts';
import type { Liveness, NewCall, Outcome, VobizClient } from '../../lambda/vobiz/rest.ts';
import { PUBLIC_URL, WEBHOOK_KEY } from '../support/memory-context.ts';
import { MemoryTables } from '../support/memory-table.ts';
import { canAsk, type Leg, newLeg, placedLeg, requestOf } from './leg.ts';
import { type CarrierRequest, type Conditions, Product } from './product.ts';
import type { Setup } from './setup.ts';
import { verbsOf } from './xml.ts';

/** What the product calls the call that the URL is of. */
export const callOf = (url: string): string | undefined => new URL(url).searchParams.get('call') ?? undefined;

/** Asked for a number, a caller means the one that they have. */
const keysFor = (action: string, digit: string) => (action.includes('/queue-callback') ? '#' : digit);

export const START = Date.UTC(2026, 0, 15, 9, 0, 0);
const entry = (path: string) => `${PUBLIC_URL}${path}?key=${WEBHOOK_KEY}`;
const PATIENCE = 4;
const REMEMBERED = 60;

/** `lost reply`: the carrier does as told, and its answer does not arrive. */
export type TransferMood = 'works' | 'unavailable' | 'lost reply';

export interface Past {
  request: CarrierRequest;
  document: string;
}

export class World {
  now = START;
  readonly tables = new MemoryTables();
  readonly product: Product;
  readonly legs: Leg[] = [];
  /** Requests that bring no document: not yet delivered. */
  notices: CarrierRequest[] = [];
  /** Requests that were handled to their end, for repetition. */
  readonly past: Past[] = [];
  tasks: Task[] = [];
  mood: TransferMood = 'works';
  /** Callers who were left with an empty document. */
  readonly drops: string[] = [];
  /** Callers whose conversation was cut off by a transfer. */
  readonly cutTalks: string[] = [];
  readonly diary: string[] = [];
  #chances = 0;

  constructor(readonly setup: Setup) {
    const carrier: VobizClient = {
      transfer: async (id, { alegUrl }) => this.transfer(id, alegUrl),
      liveCall: async id => this.liveness(id),
      hangUp: async () => ({ kind: 'ok' }),
      stopRecording: async () => ({ kind: 'ok' }),
      stopStreams: async () => ({ kind: 'ok' }),
      recording: async () => ({ kind: 'gone' }),
      makeCall: async order => this.place(order),
    };
    this.product = new Product({
      tables: this.tables,
      settings: settingsFrom({ PUBLIC_URL, ...setup.settings }),
      carrier,
      now: () => this.now,
      start: task => this.tasks.push(task),
      chance: () => (this.#chances++ % 7) / 7,
    });
  }

  /** The product has somebody called. */
  place(order: NewCall): Awaited<ReturnType<VobizClient['makeCall']>> {
    if (this.mood === 'unavailable') return { kind: 'rate_limited' };
    const leg = placedLeg(`placed-${this.legs.length + 1}`, order, this.now);
    this.legs.push(leg);
    this.note(`  ${leg.id}: the phone of ${order.to} rings for ${leg.placed?.call}`);
    return this.mood === 'works'
      ? { kind: 'ok', callId: leg.id }
      : { kind: 'unavailable', reason: 'no reply' };
  }

  /** Whom the product has had called answers. */
  pickUp(leg: Leg): void {
    if (leg.placed) this.#next(leg, leg.placed.answerUrl, { Event: 'StartApp' });
  }

  note(line: string): void {
    this.diary.push(line);
  }

  arrive(from: string, to: string): Leg {
    this.now += 1;
    const leg = newLeg(`call-${this.legs.length + 1}`, from, to, entry('/answer'));
    this.legs.push(leg);
    return leg;
  }

  /** Ask for the next document and obey it, unless a transfer or a hang-up has overtaken the answer. */
  async ask(leg: Leg, conditions: Conditions): Promise<void> {
    const { request, moves } = leg;
    if (!request || !canAsk(leg)) return;
    leg.flying = moves;
    const document = await this.#exchange(request, conditions);
    if (leg.flying === moves) leg.flying = undefined;
    if (leg.moves !== moves || leg.phase === 'gone') return;
    if (document !== undefined) {
      leg.tries = 0;
      this.#obey(leg, document);
    } else if (++leg.tries >= PATIENCE) {
      this.note(`  ${leg.id}: the carrier gives up`);
      this.end(leg, { HangupCauseCode: '7011', HangupCauseName: 'Error Reaching Answer URL' });
    }
  }

  /** Deliver a notification; its document is not followed. One that found no answer stays to be delivered. */
  async deliver(notice: CarrierRequest, conditions: Conditions): Promise<void> {
    this.notices = this.notices.filter(one => one !== notice);
    const document = await this.#exchange(notice, conditions);
    if (document === undefined) this.notices.push(notice);
  }

  async #exchange(request: CarrierRequest, conditions: Conditions): Promise<string | undefined> {
    const { faults } = this.product;
    const early = !this.#isKnown(request);
    const document = await this.product.webhook(request, conditions);
    if (document === undefined || early || this.product.faults > faults) return document;
    this.past.push({ request, document });
    if (this.past.length > REMEMBERED) this.past.shift();
    return document;
  }

  /** Not so for word of a call that has overtaken its Answer webhook. */
  #isKnown({ url, fields: { CallUUID } }: CarrierRequest): boolean {
    const id = callOf(url) ?? CallUUID;
    return url === entry('/answer') || [...this.tables.items('Calls')].some(item => item.id === id);
  }

  #obey(leg: Leg, document: string): void {
    leg.verbs = verbsOf(document);
    if (leg.verbs.length === 0) {
      this.note(`  ${leg.id}: the document is empty, so the carrier hangs up`);
      this.drops.push(leg.id);
      this.end(leg, { HangupCauseCode: '4010' });
    } else if (leg.verbs[0]?.kind === 'sound' || leg.verbs[0]?.kind === 'gather') leg.phase = 'listening';
    else this.advance(leg);
  }

  /** What is being heard is over. */
  advance(leg: Leg, digit?: string): void {
    const verb = leg.verbs.shift();
    switch (verb?.kind) {
      case undefined:
      case 'hangup':
        this.end(leg, { HangupCauseCode: '4000', HangupCauseName: 'Normal Hangup' });
        break;
      case 'sound':
        this.advance(leg, digit);
        break;
      case 'redirect':
        this.#next(leg, verb.url, { Event: 'Redirect' });
        break;
      case 'gather':
        if (digit === undefined) this.advance(leg);
        else this.#next(leg, verb.action, { Digits: keysFor(verb.action, digit), InputType: 'dtmf' });
        break;
      case 'dial':
        leg.phase = 'ringing';
        leg.ring = { ...verb, until: this.now + verb.timeoutSecs * 1000 };
        break;
      case 'record':
        leg.phase = 'recording';
        leg.messageLeft = true;
        leg.recording = verb.callbackUrl;
        this.notices.push(requestOf(leg, verb.action, { Event: 'Record', RecordingID: `rec-${leg.id}` }));
    }
  }

  #next(leg: Leg, url: string, fields: Record<string, string>): void {
    leg.phase = 'requesting';
    leg.tries = 0;
    leg.request = requestOf(leg, url, fields);
  }

  answer(leg: Leg, number: string): CarrierRequest | undefined {
    if (!leg.ring) return undefined;
    leg.phase = 'talking';
    leg.agent = number;
    leg.talked = true;
    const position = String(leg.ring.numbers.indexOf(number) + 1);
    const notice = requestOf(leg, leg.ring.callbackUrl, {
      Event: 'DialConnected',
      DialBLegStatus: 'connected',
      DialBLegTo: number.slice(1),
      DialBLegPosition: position,
    });
    this.notices.push(notice);
    return notice;
  }

  /** The ring is over without an answer. */
  unanswered(leg: Leg, status: string): void {
    const { ring } = leg;
    leg.ring = undefined;
    if (ring) this.#next(leg, ring.action, { DialStatus: status });
  }

  /** The agent ends the talk, and the caller's leg goes on. */
  agentLeaves(leg: Leg): void {
    const { ring } = leg;
    leg.ring = undefined;
    leg.agent = undefined;
    if (ring) this.#next(leg, ring.action, { DialStatus: 'completed' });
  }

  /** The caller's leg is gone; the carrier will tell in the order of its documentation. */
  end(leg: Leg, cause: Record<string, string> = {}): void {
    const { ring, recording, phase } = leg;
    const hangup = leg.placed?.hangupUrl ?? entry('/hangup');
    const told: CarrierRequest[] = [requestOf(leg, hangup, { Event: 'Hangup', ...cause })];
    if (phase === 'talking' && ring) told.push(requestOf(leg, ring.action, { DialStatus: 'completed' }));
    if (phase === 'ringing' && ring) told.unshift(requestOf(leg, ring.action, { DialStatus: 'cancel' }));
    if (recording !== undefined)
      told.push(
        requestOf(leg, recording, {
          Event: 'RecordStop',
          RecordingID: `rec-${leg.id}`,
          RecordUrl: `https://media.example.com/${leg.id}.mp3`,
          RecordingDurationMs: '4200',
        }),
      );
    Object.assign(leg, { phase: 'gone', ring: undefined, agent: undefined, request: undefined });
    leg.recording = undefined;
    this.notices.push(...told);
  }

  noticesOf(leg: Leg): CarrierRequest[] {
    return this.notices.filter(({ fields }) => fields.CallUUID === leg.id);
  }

  transfer(id: string, url: string): Outcome {
    const leg = this.legs.find(one => one.id === id);
    if (!leg || leg.phase === 'gone') return { kind: 'gone' };
    if (this.mood === 'unavailable') return { kind: 'unavailable', reason: 'scripted' };
    this.note(`  ${id}: moved by a transfer while ${leg.phase}`);
    if (leg.phase === 'talking') this.cutTalks.push(id);
    if (leg.ring && leg.phase === 'ringing')
      this.notices.push(requestOf(leg, leg.ring.action, { DialStatus: 'cancel' }));
    leg.ring = undefined;
    leg.agent = undefined;
    leg.moves++;
    this.#next(leg, url, { Event: 'Redirect' });
    return this.mood === 'works' ? { kind: 'ok' } : { kind: 'unavailable', reason: 'no reply' };
  }

  liveness(id: string): Liveness {
    if (this.mood === 'unavailable') return 'unknown';
    const leg = this.legs.find(one => one.id === id);
    return leg && leg.phase !== 'gone' ? 'live' : 'gone';
  }

  /** Time passes; telephones that have rung long enough fall silent. */
  pass(ms: number): void {
    this.now += ms;
    for (const leg of this.legs)
      if (leg.phase === 'called' && leg.placed && leg.placed.until <= this.now)
        this.end(leg, { HangupCauseCode: '6010', HangupCause: 'NO_ANSWER' });
      else if (leg.phase === 'ringing' && leg.ring && leg.ring.until <= this.now)
        this.unanswered(leg, 'no-answer');
  }

  inTalk(number: string): boolean {
    return this.legs.some(
      ({ agent, placed, phase }) =>
        agent === number || (placed?.callee === number && phase !== 'called' && phase !== 'gone'),
    );
  }
}
