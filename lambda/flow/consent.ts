/**
 * What the caller was asked before keys were listened for, and what came of it where the flow says so by setting
 * `recording.consent`: the decision, its time, and the very words, so that the record can prove it later. Only a yes is
 * consent; any other decision ends a recording and a transcription of the call that go on.
 */
import { currentAction, placeOf } from './cursor.ts';
import { stopRecording, stopTranscription } from './ending.ts';
import { frameOf, type Moment } from './moment.ts';
import type { Asked, Consent, FlowState } from './state.ts';
import type { Prompt, Verb } from './verb.ts';

export const CONSENT = 'recording.consent';

const LONGEST_WORDS = 1000;

/**
 * Keys are about to be listened for. What the document has said until then is the question; one that says nothing
 * asks the one before it again.
 */
export function noteQuestion(moment: Moment, prompts: readonly Prompt[]): void {
  const words = [...moment.verbs, ...prompts].flatMap(wordsOf).join(' ').slice(0, LONGEST_WORDS);
  const asker = words === '' ? undefined : askerOf(moment);
  if (asker) moment.state.asked = { ...asker, words };
}

export function noteDecision(moment: Moment, decision: string): void {
  const { state, now } = moment;
  const { recording, transcription } = isYes(decision) ? {} : state;
  if (recording) stopRecording(moment);
  if (transcription) stopTranscription(moment);
  state.consent = {
    ...state.asked,
    decision: decision.slice(0, 100),
    at: now,
    ...(recording && { ended_recording: true }),
    ...(transcription && { ended_transcription: true }),
  };
}

export const isYes = (decision: string): boolean => decision.trim().toLowerCase() === 'yes';

/** That decision would stop what goes on. */
export const endsSomething = ({ recording, transcription }: FlowState, decision: string): boolean =>
  !isYes(decision) && (recording !== undefined || transcription !== undefined);

/** The caller was asked, and has not agreed that the call is recorded. */
export const isDeclined = ({ consent }: { consent?: Consent | undefined }): boolean =>
  consent !== undefined && !isYes(consent.decision);

function wordsOf(verb: Verb): string[] {
  if (verb.verb === 'speak') return [verb.text];
  return verb.verb === 'play' ? [verb.url] : [];
}

/** The action that spoke last: this one, or one before it. */
function askerOf(moment: Moment): Omit<Asked, 'words'> | undefined {
  const { state } = moment;
  const frame = frameOf(moment);
  const action = currentAction(moment);
  if (!frame || !action) return undefined;
  const here = { flow: frame.flow, version: frame.version, action: placeOf(frame, action) };
  const spoke =
    action.type === 'talk' ? undefined : state.path.findLast(({ type }) => SPEAKING.includes(type));
  if (!spoke) return here;
  const version = state.stack.findLast(({ flow }) => flow === spoke.flow)?.version;
  return { flow: spoke.flow, version: version ?? frame.version, action: spoke.action };
}

const SPEAKING = ['talk', 'play'];
