/**
 * TransactWriteItems and TransactGetItems, which dynalite lacks. The caller holds the engine's write lock, so
 * nothing changes between the conditions and the commit: every action runs against the pending write set, and one
 * failure discards the set with a reason for each action, in order.
 */
import { AwsError } from '../aws/protocol.ts';
import {
  describe,
  type Input,
  type Item,
  type Output,
  perform,
  readItem,
  type Store,
  storage,
  toAwsError,
  validate,
} from './dynalite.ts';
import type { WriteSet } from './write-set.ts';

const LIMIT = 100;

type Kind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
interface Action {
  kind: Kind;
  input: Input & { TableName: string };
}
interface Reason {
  Code: string;
  Message?: string;
  Item?: Item;
}

/** The actions of a TransactWriteItems request, each with its kind. Throws `ValidationException`. */
export function actionsOf(input: Input): Action[] {
  const items = itemsOf(input);
  return items.map(item => {
    const [kind, ...others] = Object.keys(item).filter(key => item[key] !== undefined) as Kind[];
    const action = kind && others.length === 0 ? (item[kind] as Action['input']) : undefined;
    if (!kind || !action) {
      throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    return { kind, input: action };
  });
}

/** Runs all actions against `writes`. Throws `TransactionCanceledException` unless every one succeeds. */
export async function transactWrite(store: Store, writes: WriteSet, input: Input): Promise<void> {
  const actions = actionsOf(input);
  const targets = await Promise.all(actions.map(action => targetOf(store, action)));
  refuseDuplicates(targets);
  const steps = actions.map(action => prepare(store, action));
  const reasons: Reason[] = [];
  for (const [index, step] of steps.entries()) {
    reasons.push(await reasonFor(() => step(writes.view), actions[index], targets[index]));
  }
  if (reasons.some(reason => reason.Code !== 'None')) throw cancelled(reasons);
}

/** Reads all items at one moment. */
export async function transactGet(store: Store, input: Input): Promise<Output> {
  const gets = itemsOf(input).map(item => validate(store, 'GetItem', (item.Get ?? {}) as Input));
  const replies = await Promise.all(gets.map(get => perform(store, 'GetItem', get)));
  return { Responses: replies.map(({ Item: item }) => (item ? { Item: item } : {})) };
}

/** The error that a transaction gets for these reasons. */
export function cancelled(reasons: Reason[]): AwsError {
  const codes = reasons.map(reason => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

function itemsOf(input: Input): Record<string, unknown>[] {
  const items = input.TransactItems;
  if (!Array.isArray(items) || items.length === 0) {
    throw invalid(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: " +
        'Member must have length greater than or equal to 1',
    );
  }
  if (items.length > LIMIT) {
    throw invalid(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: " +
        `Member must have length less than or equal to ${LIMIT}`,
    );
  }
  return items;
}

interface Target {
  id: string;
  read: () => Promise<Item | undefined>;
}

/** Where an action points. A put names its key inside the item. */
async function targetOf(store: Store, { kind, input }: Action): Promise<Target> {
  const table = await describe(store, input.TableName);
  const attributes = (kind === 'Put' ? input.Item : input.Key) as Item;
  const key =
    kind === 'Put'
      ? pick(
          attributes,
          table.KeySchema.map(part => part.AttributeName),
        )
      : attributes;
  const malformed = storage.validateKey(key, table);
  if (malformed) throw toAwsError(malformed);
  const id = `${table.TableName}/${storage.createKey(key, table)}`;
  return { id, read: () => readItem(store, table, key) };
}

function refuseDuplicates(targets: Target[]): void {
  if (new Set(targets.map(target => target.id)).size < targets.length) {
    throw invalid('Transaction request cannot include multiple operations on one item');
  }
}

/** Validates an action at once and returns its execution. */
function prepare(store: Store, { kind, input }: Action): (view: Store) => Promise<void> {
  if (kind === 'ConditionCheck') return prepareCheck(store, input);
  const operation = `${kind}Item` as const;
  const parsed = validate(store, operation, input);
  return async view => {
    await perform(view, operation, parsed);
  };
}

/** A condition check has the shape of a conditional delete that deletes nothing. */
function prepareCheck(store: Store, input: Action['input']): (view: Store) => Promise<void> {
  if (!input.ConditionExpression) throw invalid('The expression can not be empty;');
  const parsed = validate(store, 'DeleteItem', input);
  return async view => {
    const table = await describe(view, input.TableName);
    const failed = storage.checkConditional(parsed, await readItem(view, table, input.Key as Item));
    if (failed) throw toAwsError(failed);
  };
}

async function reasonFor(run: () => Promise<void>, action?: Action, target?: Target): Promise<Reason> {
  try {
    await run();
    return { Code: 'None' };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
    if (error.code !== 'ConditionalCheckFailedException') throw error;
    const wanted = action?.input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    const item = wanted ? await target?.read() : undefined;
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...(item && { Item: item }) };
  }
}

function pick(item: Item | undefined, names: string[]): Item {
  return Object.fromEntries(Object.entries(item ?? {}).filter(([name]) => names.includes(name)));
}

const invalid = (message: string) => new AwsError('ValidationException', message);
