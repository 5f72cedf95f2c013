/**
 * How far in front a caller stands: people on the line count, and callbacks whose time it is. One that is passed over
 * keeps nobody waiting.
 */
import type { Call } from '../call/call.ts';
import type { Queue } from '../queue/queue.ts';
import type { Context } from './context.ts';
import { withoutIdleCallbacks } from './due-callbacks.ts';

/** @returns 1 for who is next in line */
export async function placeInLine(context: Context, call: Call, queue: Queue): Promise<number> {
  const ahead = await context.store.line.ahead(call);
  const marked = ahead.filter(({ callback }) => callback);
  const callbacks = await context.store.calls.some(marked.map(({ id }) => id));
  const due = await withoutIdleCallbacks(context, callbacks, new Map([[queue.id, queue]]));
  return ahead.length - marked.length + due.length + 1;
}
