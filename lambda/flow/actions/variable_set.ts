import * as z from 'zod/mini';
import { action } from '../action.ts';
import { noteDecision } from '../consent.ts';
import { fail, on } from '../moment.ts';
import { anyText, id } from '../options.ts';
import { setVariables, TOO_MANY } from '../variables.ts';

export const variableSet = action({
  type: 'variable_set',
  does: 'Sets a variable to a text. What a variable of that text holds is not looked into again. recording.consent goes onto the call’s record as well, with its time and the question that was asked.',
  needs: 'nothing',
  onFailure: 'go_on',
  option: z.strictObject({ key: id, value: anyText(100_000) }),
  begin(moment, { key, value }) {
    if (!setVariables(moment.state, { [key]: value })) return fail(TOO_MANY);
    noteDecision(moment, key, value);
    return on();
  },
});
