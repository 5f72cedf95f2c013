import * as z from 'zod/mini';
import { action, named } from '../action.ts';
import { on, to } from '../moment.ts';
import { anyText, COMPARISONS, hasVariable, holds, id } from '../options.ts';
import { read } from '../variables.ts';

const option = z.strictObject({
  condition: z.enum(COMPARISONS),
  variable: anyText(200),
  value_type: z._default(z.enum(['string', 'number', 'length']), 'string'),
  value_string: z._default(anyText(2000), ''),
  value_number: z._default(z.number(), 0),
  value_length: z._default(z.int(), 0),
  false_target_id: id,
});
type Option = z.output<typeof option>;

export const conditionVariable = action({
  type: 'condition_variable',
  does: 'Goes on if the variable compares as the condition says, else to false_target_id.',
  differs: 'variable is a name, or text with placeholders in it; length counts characters.',
  needs: 'nothing',
  onFailure: 'go_on',
  option,
  verbatim: ['variable'],
  targets: ({ false_target_id }) => named({ false_target_id }),
  begin({ state }, given) {
    const value = hasVariable(given.variable)
      ? given.variable.replace(/\$\{(.*?)\}/g, (_, name: string) => read(state.variables, name))
      : read(state.variables, given.variable);
    return isTrue(value, given) ? on() : to(given.false_target_id);
  },
});

function isTrue(value: string, { condition, value_type, ...wanted }: Option): boolean {
  switch (value_type) {
    case 'string':
      return holds(value === wanted.value_string ? 0 : value < wanted.value_string ? -1 : 1, condition);
    case 'number': {
      const number = value.trim() === '' ? Number.NaN : Number(value);
      return !Number.isNaN(number) && holds(number - wanted.value_number, condition);
    }
    case 'length':
      return holds([...value].length - wanted.value_length, condition);
  }
}
