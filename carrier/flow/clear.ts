/** Takes away what an example had set up. What calls still hold is asked for again until they are over. */
import { ApiError, askApi } from '../api.ts';
import type { Stack } from '../stack.ts';

const PATIENCE_MS = 10_000;
const POLL_MS = 100;

/** Does all of it, the last first, also where one part fails; then throws the first failure. */
export async function undoAll(undo: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const back of undo.toReversed())
    await back().catch(error => {
      failures.push(error);
    });
  if (failures.length > 0) throw failures[0];
}

export async function remove(stack: Stack, path: string): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; ; ) {
    try {
      return await askApi<void>(stack, 'DELETE', path);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409 || Date.now() > until) throw error;
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }
}

/** Ids of the callbacks that are open in a queue. */
export async function openCallbacks(stack: Stack, queue: string): Promise<string[]> {
  const path = `/callbacks?queue=${encodeURIComponent(queue)}`;
  const { callbacks } = await askApi<{ callbacks: { callback_id: string }[] }>(stack, 'GET', path);
  return callbacks.map(({ callback_id }) => callback_id);
}

/** Those that are not among `before`. One that ends of itself meanwhile needs nothing more. */
export async function cancelCallbacks(stack: Stack, queue: string, before: string[]): Promise<void> {
  const added = (await openCallbacks(stack, queue)).filter(id => !before.includes(id));
  for (const id of added)
    await remove(stack, `/callbacks/${id}`).catch(async error => {
      if ((await openCallbacks(stack, queue)).includes(id)) throw error;
    });
}
