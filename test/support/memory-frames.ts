/**
 * The table of the media path in memory, behind the interface of `lambda/media/frames-table.ts`. It knows the few
 * forms of update that the product uses (`SET a = :b, c = c + :d REMOVE e`); anything else throws.
 */
import type { FrameItem, FrameKey, FramesTable, Update } from '../../lambda/media/frames-table.ts';
import type { Condition, TransactItem } from '../../lambda/store/table.ts';
import { holds } from './expressions.ts';

type Values = Record<string, unknown>;

const SELECTIONS = new Map<string, (sk: number, values: Values) => boolean>([
  ['pk = :pk AND sk > :after', (sk, values) => sk > Number(values[':after'])],
  ['pk = :pk AND sk < :before', (sk, values) => sk < Number(values[':before'])],
]);

export class MemoryFrames implements FramesTable {
  readonly name = 'Frames';
  readonly #partitions = new Map<string, Map<number, FrameItem>>();

  async get({ pk, sk }: FrameKey) {
    return this.#partitions.get(pk)?.get(sk);
  }

  async query({
    KeyConditionExpression: text = '',
    ExpressionAttributeValues: values = {},
    ScanIndexForward: ascending = true,
    Limit,
  }: Values & QueryInput) {
    const selected = SELECTIONS.get(text);
    if (!selected) throw new Error(`The frames in memory do not know "${text}".`);
    const partition = this.#partitions.get(String(values[':pk'])) ?? new Map<number, FrameItem>();
    const found = [...partition.values()].filter(({ sk }) => selected(sk, values));
    return found.sort((a, b) => (ascending ? a.sk - b.sk : b.sk - a.sk)).slice(0, Limit);
  }

  async put(item: FrameItem, condition?: Condition) {
    return this.#apply([{ Put: { TableName: this.name, Item: item, ...condition } }]);
  }

  async update(key: FrameKey, update: Update) {
    return this.#apply([{ Update: { TableName: this.name, Key: key, ...update } }]);
  }

  async remove({ pk, sk }: FrameKey) {
    this.#partitions.get(pk)?.delete(sk);
  }

  async transact(items: TransactItem[]) {
    return this.#apply(items);
  }

  #apply(items: TransactItem[]): boolean {
    const writes = items.map(item => this.#writeOf(item));
    if (!writes.every(({ allowed }) => allowed)) return false;
    for (const { item } of writes) {
      const partition = this.#partitions.get(item.pk) ?? new Map<number, FrameItem>();
      this.#partitions.set(item.pk, partition.set(item.sk, item));
    }
    return true;
  }

  #writeOf({ Put, Update }: TransactItem): { item: FrameItem; allowed: boolean } {
    const request = Put ?? Update;
    if (!request) throw new Error('The frames in memory know only Put and Update.');
    const key = (Put?.Item ?? Update?.Key) as FrameKey;
    const stored = this.#partitions.get(key.pk)?.get(key.sk);
    const given = { names: request.ExpressionAttributeNames, values: request.ExpressionAttributeValues };
    const { ConditionExpression: text } = request;
    const item = Put
      ? (Put.Item as FrameItem)
      : updated({ ...stored, ...key }, Update?.UpdateExpression, given);
    return { item, allowed: text === undefined || holds({ text, ...given }, stored) };
  }
}

type QueryInput = Parameters<FramesTable['query']>[0];

function updated(
  item: FrameItem,
  text = '',
  { names = {}, values = {} }: { names?: Record<string, string>; values?: Values },
): FrameItem {
  const after: FrameItem = { ...item };
  const [set = '', remove = ''] = text.replace(/^SET /, '').split(' REMOVE ');
  for (const assignment of set.split(', ')) {
    const [, name = '', old, value = ''] = /^(#?\w+) = (?:(\w+) \+ )?(:\w+)$/.exec(assignment) ?? [];
    if (name === '') throw new Error(`The frames in memory do not know the assignment "${assignment}".`);
    const given = values[value];
    after[names[name] ?? name] = old ? Number(item[old]) + Number(given) : given;
  }
  for (const name of remove.split(', ').filter(Boolean)) delete after[names[name] ?? name];
  return after;
}
