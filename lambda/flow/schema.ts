/** Flows as a JSON Schema, derived from the registry: for editors, and for the description of the API. */
import * as z from 'zod/mini';
import { type ActionType, isRefused } from './action.ts';
import { actionSchema } from './flow.ts';
import { ACTIONS } from './registry.ts';
import { besideFlow, savedFlow } from './saved.ts';

/** An action of that type; its option may be left out where nothing in it is needed. */
function actionOf({ type, does, differs, option }: ActionType): z.ZodMiniObject {
  const isNeeded = !z.safeParse(option, {}).success;
  return z
    .extend(actionSchema, {
      type: z.literal(type),
      option: isNeeded ? option : z.optional(option),
      tm_execute: z.optional(z.unknown()),
    })
    .check(z.describe([does, differs].filter(Boolean).join(' ')));
}

const [first, ...others] = ACTIONS.filter(entry => !isRefused(entry)).map(entry =>
  actionOf(entry as ActionType),
);
if (!first) throw new Error('No action runs.');

/** What a flow is written as. It says less than `validate.ts`: nothing of jumps, nor of text with variables. */
export const writtenFlow = savedFlow(z.discriminatedUnion('type', [first, ...others] as never));

/** A document of its own; without limits of an action's type where the action stands in the option of another. */
export const flowSchema = (url: string): Record<string, unknown> => ({
  ...z.toJSONSchema(z.extend(writtenFlow, besideFlow), { io: 'input' }),
  $id: url,
  title: 'A Switchboard flow',
});
