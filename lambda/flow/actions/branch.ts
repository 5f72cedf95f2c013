import * as z from 'zod/mini';
import { action, named } from '../action.ts';
import { isTarget } from '../flow.ts';
import { on, to } from '../moment.ts';
import { anyText, target } from '../options.ts';
import { read } from '../variables.ts';

const DIGITS = 'voipbin.call.digits';

export const branch = action({
  type: 'branch',
  does: 'Goes to the target that target_ids names for the variable’s value, else to default_target_id, else on.',
  differs: 'The variable keeps its value. Its name may also be written as a placeholder.',
  needs: 'nothing',
  onFailure: 'go_on',
  option: z.strictObject({
    variable: z._default(anyText(200), DIGITS),
    default_target_id: target,
    target_ids: z._default(z.record(z.string(), anyText(128)), {}),
  }),
  verbatim: ['variable'],
  targets: ({ default_target_id, target_ids }) =>
    named({
      default_target_id,
      ...Object.fromEntries(Object.entries(target_ids).map(([value, id]) => [`target_ids.${value}`, id])),
    }),
  begin({ state }, { variable, default_target_id, target_ids }) {
    const value = read(state.variables, bareName(variable) || DIGITS);
    const chosen = Object.hasOwn(target_ids, value) ? target_ids[value] : default_target_id;
    return isTarget(chosen) ? to(chosen) : on();
  },
});

const bareName = (text: string): string => text.replace(/^\$\{(.*?)\}$/, '$1');
