/**
 * Ends: of the flow for the caller (`finish`), of the call (`callEnded`), and the way out for a caller whom the flow
 * can take no further (`recover`): an apology, then the flow's fallback, once.
 */
import type { Action } from './flow.ts';
import { type Moment, want } from './moment.ts';
import { note } from './path.ts';
import type { FlowOutcome, FlowState } from './state.ts';

/** Flows in a chain of `on_complete_flow_id`. */
export const LONGEST_CHAIN = 5;

const APOLOGY = 'Sorry, something went wrong. Please hold while we connect you to a colleague.';
const DEFAULT_QUEUE = 'default';

/**
 * The flow is over for the caller: on a call the carrier hangs up, and the end is complete when it has. A fallback
 * that comes to its end does not make the flow a completed one.
 */
export function finish(moment: Moment, outcome: FlowOutcome): void {
  const { state, verbs, now } = moment;
  state.outcome = state.fell_back?.because ?? outcome;
  if (!state.on_call) {
    complete(moment);
    return;
  }
  if (verbs.at(-1)?.verb !== 'hangup') verbs.push({ verb: 'hangup' });
  state.wait = { for: 'hung_up', since: now };
}

export function callEnded(moment: Moment): void {
  if (moment.state.outcome === undefined) {
    note(moment, 'hung_up');
    moment.state.outcome = moment.state.fell_back?.because ?? 'hung_up';
  }
  complete(moment);
}

/** @returns whether the cursor stands on the fallback's first action; else the flow is over */
export function recover(moment: Moment, because: 'limit' | 'failed', why: string): boolean {
  const { state } = moment;
  note(moment, `failed: ${why}`);
  if (!state.on_call || state.fell_back !== undefined) {
    finish(moment, because);
    return false;
  }
  state.fell_back = { because, why };
  state.executed = 0;
  state.stack = [{ flow: '', version: 0, at: 0, actions: fallbackOf(state) }];
  return true;
}

function fallbackOf({ fallback_flow, fallback_queue = DEFAULT_QUEUE }: FlowState): Action[] {
  const queue: Action = { id: 'queue', type: 'queue_join', option: { queue_id: fallback_queue } };
  const flow: Action[] = fallback_flow
    ? [
        { type: 'fetch_flow', option: { flow_id: fallback_flow }, on_error_target_id: 'queue' },
        { type: 'hangup' },
      ]
    : [];
  return [{ type: 'talk', option: { text: APOLOGY } }, ...flow, queue, { type: 'hangup' }];
}

/** Nothing more can be heard: what ran beside the flow ends, and what follows it begins. */
function complete(moment: Moment): void {
  const { state } = moment;
  state.stack = [];
  endRecording(moment);
  endTranscription(moment);
  if (state.chained) want(moment, { do: 'end_chained' });
  if (state.on_complete && state.completes + 1 < LONGEST_CHAIN)
    follow(moment, state.on_complete, state.completes + 1);
}

/** On a call that goes on: only what the carrier has heard of already can be stopped. */
export function stopRecording(moment: Moment): void {
  want(moment, { do: 'stop_recording' });
  endRecording(moment);
}

export function endRecording(moment: Moment): void {
  const { recording } = moment.state;
  delete moment.state.recording;
  if (recording?.on_end_flow) follow(moment, recording.on_end_flow, 0);
}

/** As of a recording. */
export function stopTranscription(moment: Moment): void {
  want(moment, { do: 'stop_transcription' });
  endTranscription(moment);
}

export function endTranscription(moment: Moment): void {
  const { transcription } = moment.state;
  delete moment.state.transcription;
  if (transcription?.on_end_flow) follow(moment, transcription.on_end_flow, 0);
}

function follow(moment: Moment, flow: string, completes: number): void {
  want(moment, { do: 'start_flow', flow, variables: { ...moment.state.variables }, completes });
}
