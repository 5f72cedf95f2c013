/**
 * What a flow has left to be done elsewhere, until it is done: taken by one performer at a time, whose place another
 * one takes who finds that nothing has come of it. Pure.
 */
import { weightOf } from '../flow/effect.ts';
import type { FlowEvent } from '../flow/event.ts';
import type { Failure, FlowRun, News, Todo } from './flow-run.ts';

/** What has come of an effect. */
export type Done =
  | {
      /** For the flow, if it waits for this effect. */
      news?: News;
      /** Why it could not be had. */
      failed?: string;
    }
  /** Nothing yet; somebody must come again. */
  | 'later';

/** Longer than anybody performs one effect without a word; who has taken it has died after that. */
const TAKEN_MS = 60_000;
/** So long something is come back to, after it was wanted and could be there at all. */
const PATIENCE_MS = 3_600_000;
const FAILURES_KEPT = 20;

/** Bytes of effects. */
const HEAVIEST_TODO = 50_000;

/** What is wanted is stored until it is done, and there is not room for any amount: first some of it must be done. */
export const isBusy = ({ todo }: FlowRun): boolean =>
  todo.length > 0 && weightOf(todo.map(({ effect }) => effect)) > HEAVIEST_TODO;

export const isFree = ({ taken_at }: Todo, now: number): boolean =>
  taken_at === undefined || now - taken_at >= TAKEN_MS;

/** Take all that nobody performs. Whoever has made this move performs what was free before it. */
export function take(run: FlowRun, now: number): FlowRun {
  if (!run.todo.some(one => isFree(one, now))) return run;
  return { ...run, todo: run.todo.map(one => (isFree(one, now) ? { ...one, taken_at: now } : one)) };
}

/**
 * May be repeated: of an effect that is not left to be done, nothing is noted.
 * @param possible epoch ms, since when it can be there
 */
export function noteDone(run: FlowRun, id: string, done: Done, now: number, possible = 0): FlowRun {
  const found = run.todo.find(one => one.effect.id === id);
  if (!found) return run;
  const { effect, since } = found;
  const others = run.todo.filter(one => one !== found);
  if (done === 'later' && now - Math.max(since, possible) < PATIENCE_MS)
    return { ...run, todo: [...others, { effect, since }] };
  const { news, failed } = done === 'later' ? { failed: 'it could not be done in an hour' } : done;
  const { step, wait } = run.state;
  const failure = failed === undefined ? [] : [{ at: now, effect: id, do: effect.do, why: failed }];
  return {
    ...run,
    todo: others,
    ...(news && wait?.effect === id && { result: { ...news, step } as FlowEvent }),
    ...(failure.length > 0 && { failures: withFailures(run.failures, failure) }),
  };
}

/** Nothing was heard of it in the time that the flow waits. */
export function unanswered(run: FlowRun, id: string, now: number): FlowRun {
  const effect = run.todo.find(one => one.effect.id === id)?.effect;
  if (!effect) return run;
  const failure = { at: now, effect: id, do: effect.do, why: 'nothing was heard of it in time' };
  return { ...run, failures: withFailures(run.failures, [failure]) };
}

export const withFailures = (known: Failure[] = [], added: Failure[]): Failure[] =>
  [...known, ...added].slice(-FAILURES_KEPT);
