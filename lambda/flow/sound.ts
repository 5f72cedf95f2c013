/** Verbs that the caller hears. The first of them makes the carrier answer. */
import { noteQuestion } from './consent.ts';
import type { Moment } from './moment.ts';
import type { FlowState } from './state.ts';
import { setResult } from './variables.ts';
import type { Prompt, Verb } from './verb.ts';

/** From the first sound on the call is answered; what a bridge said of itself later stays. */
export function sounds(state: FlowState): void {
  if (!state.sounded) setResult(state, { 'voipbin.call.status': 'progressing' });
  state.sounded = true;
}

export function sound(moment: Moment, verb: Verb): void {
  sounds(moment.state);
  moment.verbs.push(verb);
}

/**
 * An incoming call that nothing has answered yet cannot be bridged, recorded or streamed, and a `Wait` that comes
 * first only lets it ring on.
 */
export function answered(moment: Moment, verb: Verb): void {
  if (!moment.state.sounded) sound(moment, { verb: 'silence' });
  moment.verbs.push(verb);
}

type Input = Omit<Extract<Verb, { verb: 'gather' }>, 'verb' | 'prompts'>;

/** Keys; those that are pressed while the last prompts of the document play shall count. */
export function listen(moment: Moment, input: Input): void {
  const prompts = takePrompts(moment);
  noteQuestion(moment, prompts);
  sounds(moment.state);
  moment.verbs.push({ verb: 'gather', prompts, ...input });
}

function takePrompts({ verbs }: Moment): Prompt[] {
  const first = verbs.findLastIndex(verb => !isPrompt(verb)) + 1;
  return verbs.splice(first).filter(isPrompt);
}

const PROMPTS: readonly string[] = ['speak', 'play', 'beep', 'silence'] satisfies Prompt['verb'][];

const isPrompt = (verb: Verb): verb is Prompt => PROMPTS.includes(verb.verb);
