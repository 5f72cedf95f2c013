/** What a flow has left to be done, and nobody does: the task was lost, its performer has died, or it must wait. */
import type { Context } from '../app/context.ts';
import type { Call } from '../call/call.ts';
import { isFree } from '../call/flow-todo.ts';

/** In which the task that was started with it has begun. */
const STARTING_MS = 30_000;

export async function restartEffects(context: Context, { id, flow }: Call): Promise<void> {
  const now = context.now();
  const isLeft = flow?.todo.some(one => isFree(one, now) && now - one.since >= STARTING_MS);
  if (isLeft) await context.start({ kind: 'effects', call: id });
}
