import * as z from 'zod/mini';
import { action } from '../action.ts';
import { fail, on } from '../moment.ts';
import { anyText, id } from '../options.ts';
import { setVariables, TOO_MANY } from '../variables.ts';

export const variableSet = action({
  type: 'variable_set',
  does: 'Sets a variable to a text. What a variable of that text holds is not looked into again.',
  needs: 'nothing',
  onFailure: 'go_on',
  option: z.strictObject({ key: id, value: anyText(100_000) }),
  begin: ({ state }, { key, value }) => (setVariables(state, { [key]: value }) ? on() : fail(TOO_MANY)),
});
