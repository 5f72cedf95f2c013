/**
 * One B leg of a `<Dial>`: it rings, is picked up or not, is asked to confirm where the dial says so, talks,
 * and ends once, for one reason. What happens to it goes to the dial's `callbackUrl`.
 */
import { randomUUID } from 'node:crypto';
import type { Call } from './call.ts';
import type { DialPlan } from './dial-plan.ts';
import { playSounds } from './elements/sounds.ts';
import { billedSecs, callFields } from './fields.ts';
import { HANGUP, type Hangup } from './hangup.ts';
import { type Attempt, bareNumber } from './phones.ts';
import { firstOf, forever } from './race.ts';
import type { PhoneDid } from './story.ts';
import { indianTime } from './times.ts';
import { parseResponse, type XmlElement } from './xml.ts';

/** The leg ended without being connected; why is on the leg. */
export class NotConnected extends Error {}

/** How soon after picking up somebody presses the key they are asked for. */
const PRESS_AFTER_MS = 1_000;

export class DialLeg {
  readonly uuid = randomUUID();
  readonly attempt: Attempt;
  answeredAt?: number;
  bridgedAt?: number;
  ended?: Hangup;
  readonly #call: Call;
  readonly #plan: DialPlan;
  readonly #free: () => void;

  constructor(
    call: Call,
    plan: DialPlan,
    readonly to: string,
    readonly position: number,
  ) {
    this.#call = call;
    this.#plan = plan;
    const { attempt, collides, free } = call.network.phones.ring(to, call.clock.now());
    if (collides) call.story.add({ kind: 'collides', to });
    this.attempt = attempt;
    this.#free = free;
  }

  /** Rings until the leg may be bridged. Rejects with `NotConnected`, or with the reason of `signal`. */
  async connect(signal: AbortSignal): Promise<this> {
    const { to, uuid, position } = this;
    this.#call.story.add({ kind: 'rings', to, leg: uuid, position });
    const refusal = await this.#ring(signal);
    if (refusal) return this.#refuse(refusal);
    this.answeredAt = this.#call.clock.now();
    this.#did('answered');
    this.#report('DialAnswer', 'answer', { DialBLegStatus: 'answer' });
    if (!(await this.#confirm(signal))) return this.#refuse(HANGUP.confirmFailed);
    return this;
  }

  #refuse(hangup: Hangup): never {
    this.end(hangup);
    throw new NotConnected(`${this.to} did not connect: ${hangup.name}.`);
  }

  /** Resolves with why nobody picked up, or with nothing when somebody did. */
  #ring(signal: AbortSignal): Promise<Hangup | undefined> {
    const { does, afterMs } = this.attempt;
    const outcome = {
      answer: undefined,
      ignore: undefined,
      busy: HANGUP.busy,
      reject: HANGUP.rejectedByCallee,
      fail: HANGUP.unreachable,
    }[does];
    return firstOf<Hangup | undefined>(
      signal,
      either =>
        does === 'ignore' ? forever(either) : this.#call.clock.sleep(afterMs, either).then(() => outcome),
      either => this.#call.clock.sleep(this.#plan.timeoutMs, either).then(() => HANGUP.noAnswer),
    );
  }

  /** Plays the confirm sound to this leg only, and waits for the key. */
  async #confirm(signal: AbortSignal): Promise<boolean> {
    const { confirmSound, confirmKey, confirmMs } = this.#plan;
    const { clock, network } = this.#call;
    const needsKey = confirmKey !== undefined && network.options.enforceConfirmKey !== false;
    if (!confirmSound && !needsKey) return true;
    const presses = needsKey && (this.attempt.presses ?? confirmKey).includes(confirmKey);
    const sounds = confirmSound ? await this.#soundsAt(confirmSound, signal) : [];
    return firstOf<boolean>(
      signal,
      async either => {
        await this.#whisper(sounds, either);
        if (needsKey) await clock.sleep(confirmMs, either);
        return !needsKey;
      },
      either => (presses ? clock.sleep(PRESS_AFTER_MS, either).then(() => true) : forever(either)),
    );
  }

  /** None where the application has none to give. */
  async #soundsAt(url: string, signal: AbortSignal): Promise<XmlElement[]> {
    const fields = { ...callFields(this.#call), ...this.#fields(), Event: 'DialRemoteSounds' };
    const reply = await this.#call.webhooks.ask({ url, method: 'POST', fields });
    signal.throwIfAborted();
    return reply.status === 200 ? parseResponse(reply.body, reply.contentType) : [];
  }

  async #whisper(sounds: XmlElement[], signal: AbortSignal): Promise<void> {
    for (const element of sounds) {
      if (element.name === 'Speak') await this.#hears(element.text, signal);
      else await playSounds([element], this.#call, signal);
    }
  }

  /** Marks the leg as talking to the caller. */
  bridge(): void {
    this.bridgedAt = this.#call.clock.now();
    this.#call.story.add({ kind: 'bridged', to: this.to, leg: this.uuid });
    this.#report('DialConnected', 'connected', {
      DialBLegStatus: 'connected',
      AnswerTime: indianTime(this.answeredAt ?? this.bridgedAt),
    });
  }

  /** Ends the leg; the first reason stays. */
  end(hangup: Hangup): void {
    if (this.ended) return;
    this.ended = hangup;
    this.#free();
    const now = this.#call.clock.now();
    if (this.bridgedAt !== undefined) {
      const { to, uuid: leg, bridgedAt } = this;
      this.#call.story.add({ kind: 'unbridged', to, leg, ms: now - bridgedAt, by: hangup.source });
    } else {
      this.#did(DID[hangup.name] ?? 'cancelled');
    }
    const secs = this.answeredAt === undefined ? 0 : Math.round((now - this.answeredAt) / 1000);
    this.#report('DialHangup', 'hangup', {
      DialBLegStatus: 'hangup',
      DialBLegDuration: String(secs),
      DialBLegBillDuration: String(billedSecs(secs)),
      DialBLegHangupCause: hangup.cause,
      DialBLegHangupCauseCode: String(hangup.code),
      DialBLegHangupCauseName: hangup.name,
      DialBLegHangupSource: hangup.source,
    });
  }

  #hears(text: string, signal: AbortSignal): Promise<void> {
    this.#call.story.add({ kind: 'whispers', to: this.to, text });
    return this.#call.clock.sleep(text.length * 70, signal);
  }

  #did(did: PhoneDid): void {
    this.#call.story.add({ kind: 'phone', to: this.to, leg: this.uuid, did });
  }

  #fields(): Record<string, string> {
    return {
      CallUUID: this.#call.uuid,
      DialALegUUID: this.#call.uuid,
      DialBLegUUID: this.uuid,
      DialBLegFrom: bareNumber(this.#plan.callerId),
      DialBLegTo: bareNumber(this.to),
      DialBLegPosition: String(this.position),
    };
  }

  #report(event: string, action: string, more: Record<string, string>): void {
    const { callbackUrl, callbackMethod } = this.#plan;
    if (!callbackUrl) return;
    const fields = { ...this.#fields(), Event: event, DialAction: action, ...more };
    this.#call.tell({ url: callbackUrl, method: callbackMethod, fields });
  }
}

const DID: Record<string, PhoneDid> = {
  [HANGUP.busy.name]: 'busy',
  [HANGUP.rejectedByCallee.name]: 'rejected',
  [HANGUP.unreachable.name]: 'failed',
  [HANGUP.noAnswer.name]: 'no-answer',
  [HANGUP.lostRace.name]: 'lost the race',
  [HANGUP.confirmFailed.name]: 'not confirmed',
};
