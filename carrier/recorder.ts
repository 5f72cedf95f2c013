/** One recording of a call: it begins, it ends for a reason, and `callbackUrl` hears of it afterwards. */
import { randomUUID } from 'node:crypto';
import type { Call } from './call.ts';
import { callFields } from './fields.ts';

export type EndReason = 'RecordingTimeout' | 'maxLength' | 'FinishedOnKey' | 'HungUp';

export interface Recording {
  /** The call from there on, and no message. */
  session: boolean;
  format: string;
  callbackUrl?: string;
  callbackMethod: string;
}

export class Recorder {
  readonly id = randomUUID();
  readonly #call: Call;
  readonly #recording: Recording;
  readonly #startedAt: number;

  constructor(call: Call, recording: Recording) {
    this.#call = call;
    this.#recording = recording;
    this.#startedAt = call.clock.now();
    call.recorders.add(this);
    call.story.add({ kind: 'records', recording: this.id, session: recording.session });
  }

  /**
   * Ends the recording, once; returns what is known about the file. Which reason Vobiz gives for one that the REST
   * API ends is written nowhere, so then there is none.
   */
  stop(reason?: EndReason): Record<string, string> {
    const call = this.#call;
    const recording = this.#recording;
    const endedAt = Math.min(call.clock.now(), call.endedAt ?? Number.POSITIVE_INFINITY);
    const ms = endedAt - this.#startedAt;
    const fields = {
      RecordingID: this.id,
      RecordUrl: `${call.network.url}/media/${this.id}.${recording.format}`,
      RecordingDuration: String(Math.round(ms / 1000)),
      RecordingDurationMs: String(ms),
      RecordingStartMs: String(this.#startedAt),
      RecordingEndMs: String(endedAt),
      ...(reason && { RecordingEndReason: reason }),
    };
    if (!call.recorders.delete(this)) return fields;
    call.network.recordings.set(this.id, { ms });
    const { session } = recording;
    call.story.add({ kind: 'recorded', recording: this.id, session, ms, reason: reason ?? 'by request' });
    if (recording.callbackUrl) {
      const about = { ...callFields(call), Event: 'RecordStop', ...fields };
      call.tell({ url: recording.callbackUrl, method: recording.callbackMethod, fields: about });
    }
    return fields;
  }
}
