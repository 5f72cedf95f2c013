/** Which callbacks are passed over now: it is not their time, or their caller is on the line in person. */
import { type Call, otherNumber } from '../call/call.ts';
import { type CallbackCall, isDue, isToBeRung, readmitted } from '../call/callback.ts';
import type { Queue } from '../queue/queue.ts';
import type { Context } from './context.ts';

export async function withoutIdleCallbacks(
  context: Context,
  callers: Call[],
  queues: ReadonlyMap<string, Queue>,
): Promise<Call[]> {
  const now = context.now();
  const due = callers.flatMap(call => {
    if (!isToBeRung(call)) return [call];
    const queue = queues.get(call.queue);
    return queue && isDue(call, queue, now) ? [readmitted(call, now)] : [];
  });
  if (!due.some(isToBeRung)) return due;
  const [here, busy] = await Promise.all([
    numbersInLine(context, [...queues.keys()]),
    stillOnLine(context, due),
  ]);
  return due.filter(
    call => !isToBeRung(call) || !(here.has(call.to) || theirs(call).some(id => busy.has(id))),
  );
}

/** Calls that its caller was last seen in. */
const theirs = ({ callback: { asked_in, calls = [] } }: CallbackCall): string[] =>
  asked_in === undefined ? calls : [asked_in, ...calls];

/** Those of them that go on: in a flow, with an assistant, in another queue. */
async function stillOnLine({ store }: Context, due: Call[]): Promise<Set<string>> {
  const ids = due.filter(isToBeRung).flatMap(theirs);
  const askers = await store.calls.some([...new Set(ids)]);
  return new Set(askers.filter(({ state }) => state !== 'ended').map(({ id }) => id));
}

/** Their phones would be busy. */
async function numbersInLine({ store }: Context, queues: string[]): Promise<Set<string>> {
  const lines = await Promise.all(queues.map(id => store.line.places(id)));
  const inPerson = lines.flat().filter(({ callback }) => !callback);
  const calls = await store.calls.some(inPerson.map(({ id }) => id));
  return new Set(calls.map(otherNumber));
}
