/** A caller who says nothing is asked whether they are there; in the end the assistant says goodbye. */
import { leave } from './leaving.ts';
import { isQuiet, type Timer } from './moment.ts';
import { say } from './playing.ts';

/** Time counts from when the last words of either side were heard to the end. */
export const silence: Timer = {
  due: (talk, { silence_secs }) =>
    isQuiet(talk) && talk.quiet_since !== undefined ? talk.quiet_since + silence_secs * 1000 : undefined,
  act: moment => {
    const { talk, settings } = moment;
    if (talk.prompts >= settings.silence_prompts) return leave(moment, { to: 'end', reason: 'silence' });
    talk.prompts += 1;
    say(moment, 'prompt', settings.silence_prompt);
  },
};
