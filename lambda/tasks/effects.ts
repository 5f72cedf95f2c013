/**
 * What a call's flow has left to be done. It is taken in one write, so that of two performers who come at once only one
 * performs; what somebody has taken and not done within a minute, the next one performs again.
 */
import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { doneTodo, takeTodo, untaken } from '../call/in-flow.ts';
import type { Effect } from '../flow/effect.ts';
import { performAll } from './effects/perform.ts';

export async function performEffects(context: Context, id: string): Promise<void> {
  let mine: Effect[] = [];
  const changed = await change(context, id, (held, _queue, now) => {
    mine = untaken(held.call, now);
    return takeTodo(held, now);
  });
  const flow = changed?.call.flow;
  if (!flow || mine.length === 0) return;
  const subject = { call: id, flow: flow.flow, version: flow.version };
  await performAll(context, subject, mine, async (effect, done) => {
    await change(context, id, (held, _queue, now) => doneTodo(held, effect.id, done, now));
  });
}
