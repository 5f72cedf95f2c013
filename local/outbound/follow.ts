/** Places a call and tells what becomes of it. */
import { ApiError, type AppApi } from './app-api.ts';
import type { Order } from './options.ts';
import { type CallRecord, isReached, news } from './story.ts';

const LOOK_MS = 500;
/** So many questions in a row may go unanswered before the call is lost from sight. */
const PATIENCE = 10;

interface Following {
  wait: boolean;
  say(line: string): void;
  pause(ms: number): Promise<void>;
}

/** @returns whether a person answered; of a call that is not followed, whether the carrier took it */
export async function makeCall(api: AppApi, order: Order, { wait, say, pause }: Following): Promise<boolean> {
  let record = await api.place(order);
  say(`Calling ${order.to}: call ${record.call_id}`);
  for (const line of news(undefined, record)) say(line);
  if (!wait) return record.state !== 'ended';
  while (record.state !== 'ended') {
    await pause(LOOK_MS);
    const next = await look(api, record.call_id, pause);
    for (const line of news(record, next)) say(line);
    record = next;
  }
  return isReached(record);
}

async function look(api: AppApi, id: string, pause: Following['pause']): Promise<CallRecord> {
  for (let failed = 1; ; failed++) {
    try {
      return await api.record(id);
    } catch (error) {
      if (!(error instanceof ApiError) || failed === PATIENCE) throw error;
      await pause(LOOK_MS);
    }
  }
}
