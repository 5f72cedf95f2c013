import * as z from 'zod/mini';
import { action, named } from '../action.ts';
import { on, to } from '../moment.ts';
import { anyText, id, whole } from '../options.ts';
import { read } from '../variables.ts';

const option = z.strictObject({
  length: z._default(whole(0, 100), 0),
  key: z._default(anyText(100), ''),
  false_target_id: id,
});

export const conditionCallDigits = action({
  type: 'condition_call_digits',
  does: 'Goes on if so many keys were pressed, or these keys in a row are among them; else to false_target_id.',
  needs: 'call',
  onFailure: 'go_on',
  option,
  targets: ({ false_target_id }) => named({ false_target_id }),
  begin({ state }, { length, key, false_target_id }) {
    const digits = read(state.variables, 'voipbin.call.digits');
    const enough = length > 0 && digits.length >= length;
    return enough || (key !== '' && digits.includes(key)) ? on() : to(false_target_id);
  },
});
