/** One action begins, or goes on with what it waited for: its option is read with its variables put in. */
import * as z from 'zod/mini';
import { inWords } from '../platform/complaints.ts';
import { type ActionType, isRefused } from './action.ts';
import { currentAction } from './cursor.ts';
import type { FlowEvent } from './event.ts';
import type { Action } from './flow.ts';
import { fail, type Moment, type Next, on } from './moment.ts';
import { visit } from './path.ts';
import { placeOf } from './place.ts';
import { entryOf } from './registry.ts';
import type { Wait } from './state.ts';
import { substituted } from './variables.ts';

/** Bytes. */
export const LONGEST_OPTION = 100_000;

export function begin(moment: Moment): Next {
  const action = currentAction(moment);
  if (!action) return fail('the flow is gone');
  const next = run(moment, action, (entry, option) => entry.begin(moment, option));
  if (next.go !== 'again') visit(moment, action);
  return next;
}

/** The current action has what it waited for. */
export function resume(moment: Moment, event: FlowEvent, wait: Wait): Next {
  const action = currentAction(moment);
  if (!action) return fail('the flow is gone');
  return run(moment, action, (entry, option) => {
    if (event.type === 'failed') return fail(event.why);
    return entry.resume?.(moment, option, event, wait) ?? on();
  });
}

type Option = Record<string, unknown>;
type Act = (entry: ActionType, option: unknown) => Next;

function run(moment: Moment, action: Action, act: Act): Next {
  const { state } = moment;
  const entry = entryOf(action.type);
  if (!entry) return fail('there is no such action');
  if (isRefused(entry)) return fail(entry.refused);
  if (entry.needs === 'call' && !state.on_call) return on('skipped: nobody is on the line');
  const next = runAs(entry, moment, action, act);
  if (next.go === 'fail') entry.failed?.(moment);
  return next;
}

function runAs(entry: ActionType, { state }: Moment, action: Action, act: Act): Next {
  const { option = {} } = action;
  const given = withoutEmpty(entry, option, substituted(option, state.variables, entry));
  if (Buffer.byteLength(JSON.stringify(given)) > LONGEST_OPTION) return fail('its option is too long');
  const read = z.safeParse(entry.option, given, { error: inWords });
  return read.success ? act(entry, read.data) : fail(sentence(read.error));
}

/** What variables have left empty counts as left out, where it may be: the default holds. */
function withoutEmpty({ option: form }: ActionType, written: Option, given: Option): Option {
  const shape = (form as z.ZodMiniObject).shape;
  const mayMiss = (name: string) =>
    Object.hasOwn(shape, name) && z.safeParse(shape[name] as z.ZodMiniType, undefined).success;
  const isLeftOut = (name: string) => given[name] === '' && written[name] !== '' && mayMiss(name);
  return Object.fromEntries(Object.entries(given).filter(([name]) => !isLeftOut(name)));
}

/** @param action undefined: the flow that the cursor stands in is gone */
export function failsHow(action: Action | undefined): 'go_on' | 'fall_back' {
  if (!action) return 'fall_back';
  const entry = entryOf(action.type);
  return entry && !isRefused(entry) ? entry.onFailure : 'go_on';
}

/** The first thing wrong with an option; never its value, which may be the caller's. */
function sentence({ issues }: z.core.$ZodError): string {
  const [first] = issues;
  return first ? `${placeOf(['option', ...first.path])}: ${first.message}` : 'its option is wrong';
}
