/**
 * A flow is looked through before it is saved: every problem at once, each with its place. What is found right here
 * may still name flows, queues and assistants that nobody has set up; `references.ts` lists those.
 */
import * as z from 'zod/mini';
import { type Complaint, canBeRead, complaintsOf, inWords } from '../platform/complaints.ts';
import { type ActionType, isRefused } from './action.ts';
import { LONGEST_OPTION } from './begin.ts';
import { actionSchema, isFlat, isTarget, TOO_DEEP } from './flow.ts';
import { hasVariable } from './options.ts';
import { placeOf } from './place.ts';
import { readable } from './readable.ts';
import { entryOf } from './registry.ts';
import { savedFlow } from './saved.ts';

/** More of them than anybody reads at once. */
const MOST_PROBLEMS = 100;
/** Calls that place calls that place calls. */
const DEEPEST_LISTS = 5;

const flowForm = savedFlow(z.unknown());
const actionForm = z.extend(actionSchema, { tm_execute: z.optional(z.unknown()) });

type Path = readonly PropertyKey[];

/** @returns what must be put right before the flow can be saved; empty: nothing */
export function problemsOf(given: unknown): Complaint[] {
  if (!canBeRead(given)) return [complaint([], 'has a "length" that is none')];
  const problems = [
    ...wrong(flowForm, given, []),
    ...problemsOfList(property(given, 'actions'), ['actions'], 1),
  ];
  const different = [...new Map(problems.map(one => [`${one.field}: ${one.message}`, one])).values()];
  if (different.length <= MOST_PROBLEMS) return different;
  const rest = different.length - MOST_PROBLEMS;
  return [...different.slice(0, MOST_PROBLEMS), { field: '', message: `and ${rest} problems more` }];
}

function problemsOfList(given: unknown, path: Path, depth: number): Complaint[] {
  if (!Array.isArray(given)) return [];
  if (depth > DEEPEST_LISTS)
    return [complaint(path, `are calls within calls; ${DEEPEST_LISTS - 1} are possible`)];
  const ids = given.map(action => property(action, 'id'));
  return given.flatMap((action, at) => {
    const here = [...path, at];
    const first = ids.indexOf(ids[at]);
    const again = isId(ids[at]) && first < at;
    return [
      ...(again ? [complaint([...here, 'id'], `is the id of ${placeOf([...path, first])} already`)] : []),
      ...problemsOfAction(action, here, ids, depth),
    ];
  });
}

function problemsOfAction(given: unknown, path: Path, ids: unknown[], depth: number): Complaint[] {
  const form = wrong(actionForm, given, path);
  const type = property(given, 'type');
  const jumps = ['next_id', 'on_error_target_id'].flatMap(name =>
    lost(property(given, name), [...path, name], ids),
  );
  return [
    ...form,
    ...jumps,
    ...(typeof type === 'string' ? problemsOfType(type, given, path, ids, depth) : []),
  ];
}

function problemsOfType(
  type: string,
  given: unknown,
  path: Path,
  ids: unknown[],
  depth: number,
): Complaint[] {
  const entry = entryOf(type);
  if (!entry)
    return [complaint([...path, 'type'], `"${type}" is no action; GET /flow-schema.json lists them`)];
  if (isRefused(entry)) return [complaint([...path, 'type'], `"${type}" cannot be used. ${entry.refused}`)];
  const option = property(given, 'option') ?? {};
  if (!isFlat(option)) return [complaint([...path, 'option'], TOO_DEEP)];
  return problemsOfOption(entry, option, [...path, 'option'], ids, depth);
}

function problemsOfOption(
  entry: ActionType,
  given: unknown,
  path: Path,
  ids: unknown[],
  depth: number,
): Complaint[] {
  const form = wrong(entry.option, given, path);
  const read = readable(entry.option, given);
  const targets = read === undefined ? {} : (entry.targets?.(read) ?? {});
  const jumps = Object.entries(targets).flatMap(([place, id]) => lost(id, [...path, place], ids));
  const inner = entry.inner === undefined ? undefined : property(given, entry.inner);
  const within = inner === undefined ? [] : problemsOfList(inner, [...path, entry.inner ?? ''], depth + 1);
  return [...form, ...tooLong(given, path), ...jumps, ...within];
}

function tooLong(option: unknown, path: Path): Complaint[] {
  const bytes = Buffer.byteLength(JSON.stringify(option));
  return bytes > LONGEST_OPTION ? [complaint(path, `must have at most ${LONGEST_OPTION} bytes`)] : [];
}

/** A jump to nowhere; one whose target is a variable is found out when it is made. */
function lost(id: unknown, path: Path, ids: unknown[]): Complaint[] {
  if (!isId(id) || hasVariable(id) || ids.includes(id)) return [];
  return [complaint(path, `no action has the id "${id}"`)];
}

const isId = (id: unknown): id is string => typeof id === 'string' && isTarget(id);

function wrong(form: z.ZodMiniType, given: unknown, path: Path): Complaint[] {
  const read = z.safeParse(form, given, { error: inWords });
  const place = (inside: Path) => placeOf([...path, ...inside]);
  return read.success ? [] : read.error.issues.flatMap(issue => complaintsOf(issue, place));
}

const complaint = (path: Path, message: string): Complaint => ({ field: placeOf(path), message });

function property(given: unknown, name: string): unknown {
  if (typeof given !== 'object' || given === null || !Object.hasOwn(given, name)) return undefined;
  return (given as Record<string, unknown>)[name];
}
