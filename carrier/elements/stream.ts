/**
 * `<Stream>`: the call's audio on a WebSocket. With `keepCallAlive` the document waits until the stream has ended;
 * otherwise it goes on at once, and the stream runs beside it through every later document. Either way a transfer
 * breaks it off, and so does the end of the call, without a `stop` on the socket. A lost socket is opened anew, as a
 * stream of another id, as often as `maxRetries` says; then the stream has ended.
 */
import type { Call } from '../call.ts';
import { Transferred } from '../interrupt.ts';
import { readStreamPlan, type StreamPlan } from '../stream/plan.ts';
import { StreamSocket } from '../stream/socket.ts';
import { tellStatus } from '../stream/status.ts';
import type { Play } from './element.ts';

const RECONNECT_MS = 200;
const LOST = 'connection disconnected with the remote service';

export const stream: Play = async (element, call) => {
  call.answer();
  const plan = readStreamPlan(element, call);
  if (typeof plan === 'string') {
    call.story.add({ kind: 'skips', element: 'Stream', reason: plan });
    return undefined;
  }
  if (plan.exclusive) await runStream(call, plan);
  else
    call.inBackground(() =>
      runStream(call, plan).catch(interrupt => {
        if (!(interrupt instanceof Transferred)) throw interrupt;
      }),
    );
  return undefined;
};

async function runStream(call: Call, plan: StreamPlan): Promise<void> {
  const faults = call.script.stream ?? call.network.options.stream ?? {};
  for (let attempt = 0; ; attempt++) {
    const socket = new StreamSocket(call, plan, faults);
    call.story.add({ kind: 'streams', stream: socket.id, url: plan.url });
    const ending = await socket
      .run(call.stay, faults.dropsAfterMs?.[attempt])
      .finally(() => call.story.add({ kind: 'unstreamed', stream: socket.id }));
    if (ending === 'stopped') tellStatus(call, plan, socket.id, 'StopStream');
    if (ending !== 'dropped') return;
    call.story.add({ kind: 'loses', stream: socket.id, reason: LOST });
    tellStatus(call, plan, socket.id, 'DroppedStream', { Error: LOST });
    if (attempt >= plan.maxRetries) return;
    await call.clock.sleep(RECONNECT_MS, call.stay);
  }
}
