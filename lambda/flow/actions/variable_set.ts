import * as z from 'zod/mini';
import { action } from '../action.ts';
import { CONSENT, endsSomething, noteDecision } from '../consent.ts';
import { fail, on } from '../moment.ts';
import { anyText, id } from '../options.ts';
import { setVariables, TOO_MANY } from '../variables.ts';

export const variableSet = action({
  type: 'variable_set',
  does: 'Sets a variable to a text. What a variable of that text holds is not looked into again. recording.consent goes onto the call’s record as well, with its time and the question that was asked; any value but yes stops a recording and a transcription of the call, once everything before it was heard.',
  needs: 'nothing',
  onFailure: 'go_on',
  option: z.strictObject({ key: id, value: anyText(100_000) }),
  begin(moment, { key, value }) {
    const decides = key === CONSENT;
    if (decides && endsSomething(moment.state, value) && moment.verbs.length > 0) return { go: 'again' };
    if (decides) noteDecision(moment, value);
    return setVariables(moment.state, { [key]: value }) ? on() : fail(TOO_MANY);
  },
});
