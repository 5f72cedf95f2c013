/** The moves of a call that a flow runs on: it comes in, is sent to a queue or to an assistant, and ends. Pure. */
import type { Queue } from '../queue/queue.ts';
import type { Call } from './call.ts';
import * as deadlines from './deadlines.ts';
import type { FlowRun, Talk, ToldFlow } from './flow-run.ts';
import { isInFlow } from './in-flow.ts';
import { type Arrival, type Held, newCall } from './transitions.ts';

/** Documents of a flow that can still be asked for again. */
const DOCUMENTS_KEPT = 3;

/** Its flow has not begun. */
export const arriveInFlow = (arrival: Arrival, now: number): Call => ({
  ...newCall(arrival, now),
  state: 'in_flow',
  began_at: now,
  deadline: deadlines.talk(now),
});

/** The flow has taken a step, and this document is what the caller gets. */
export function putOn({ call, agents }: Held, run: FlowRun, told: ToldFlow, now: number): Held {
  const documents = [...run.told.filter(({ at }) => at !== told.at), told].slice(-DOCUMENTS_KEPT);
  const { consent } = run.state;
  return {
    call: {
      ...call,
      flow: { ...run, told: documents },
      deadline: deadlines.talk(now),
      ...(consent && { consent }),
    },
    agents,
  };
}

/** Into the line of a queue; the caller comes by `/queue-try-agent`. The flow has greeted them. */
export function sendToQueue({ call, agents }: Held, queue: Queue, now: number): Held {
  if (call.state !== 'in_flow') return { call, agents };
  const { left: _, ...rest } = call;
  return {
    call: {
      ...rest,
      state: 'greeting',
      queue: queue.id,
      priority: queue.priority,
      joined_at: now,
      deadline: deadlines.greeting(now),
    },
    agents,
  };
}

/** To an assistant, when the carrier comes for the stream. */
export function prepareTalk({ call, agents }: Held, assistant: string, talk: Omit<Talk, 'n'>): Held {
  const { departure: _, ...rest } = call;
  return { call: { ...rest, assistant, talk: { ...talk, n: (call.talk?.n ?? 0) + 1 } }, agents };
}

export function beginTalk({ call, agents }: Held, now: number): Held {
  if (!isInFlow(call) || call.state !== 'in_flow' || call.flow.state.wait?.for !== 'conversed')
    return { call, agents };
  return { call: { ...call, state: 'assisted', deadline: deadlines.talk(now) }, agents };
}
