/** The frames in memory, and the request units that DynamoDB would count for what is done with them. */
import type { FrameItem, FrameKey, Update } from '../../lambda/media/frames-table.ts';
import type { Condition, TransactItem } from '../../lambda/store/table.ts';
import { MemoryFrames } from '../../test/support/memory-frames.ts';

const READ_UNIT_BYTES = 4096;

/** Every item of this table is smaller than 1 KB, which is one unit to write and to read. */
export class CountedFrames extends MemoryFrames {
  readonly units = { read: 0, write: 0 };

  override async get(key: FrameKey) {
    this.units.read++;
    return super.get(key);
  }

  override async query(input: Parameters<MemoryFrames['query']>[0]) {
    const items = await super.query(input);
    const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0);
    this.units.read += Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
    return items;
  }

  override async put(item: FrameItem, condition?: Condition) {
    this.units.write++;
    return super.put(item, condition);
  }

  override async update(key: FrameKey, update: Update) {
    this.units.write++;
    return super.update(key, update);
  }

  override async remove(key: FrameKey) {
    this.units.write++;
    return super.remove(key);
  }

  override async transact(items: TransactItem[]) {
    this.units.write += 2 * items.length;
    return super.transact(items);
  }
}

const NUMBER_BYTES = 8;

/** Names and values; numbers as large as the times among them. */
function sizeOf(item: FrameItem): number {
  return Object.entries(item).reduce((sum, [name, value]) => {
    if (value instanceof Uint8Array) return sum + name.length + value.length;
    if (typeof value === 'number') return sum + name.length + NUMBER_BYTES;
    return sum + name.length + JSON.stringify(value).length;
  }, 0);
}
