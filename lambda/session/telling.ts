/**
 * Tells the customer's endpoints in lines: each in order and one news at a time, so that an endpoint which hangs keeps
 * no other line waiting. News that is not taken is told again until it is half a minute old, then given up; what waits behind it is
 * tried at least once. More than a few hundred waiting means that nobody listens: the oldest are given up.
 */
import type { Context } from '../app/context.ts';
import { notify } from '../app/send-signed.ts';
import { AddressRefused } from '../platform/addresses.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { aborted } from './aborted.ts';

export interface News {
  url: string;
  /** What comes after this in the same line waits for it. */
  line: string;
  /** Stays the same when the same news is told again. */
  id: string;
  body: unknown;
}

const OLDEST_MS = 30_000;
const MOST_WAITING = 200;
const PAUSES_MS = [500, 1000, 2000, 4000];

interface Waiting {
  news: News;
  since: number;
  done: () => void;
}

export interface Telling {
  /** Resolves when it has been taken, or given up; never after `stop`. */
  tell(news: News): Promise<void>;
  /** Resolves when nothing waits any more, or after so long. */
  drained(withinMs: number): Promise<void>;
  /** Begin nothing more; the rest is for a successor. Resolves when nothing is under way. */
  stop(): Promise<void>;
}

export function telling(context: Context, call: string): Telling {
  const stopping = new AbortController();
  const stopped = aborted(stopping.signal);
  const lines = new Map<string, { waiting: Waiting[]; running: Promise<void> }>();

  async function run(waiting: Waiting[]): Promise<void> {
    for (let first = waiting[0]; first && !stopping.signal.aborted; first = waiting[0]) {
      const isSettled = await deliver(first);
      if (!isSettled) return;
      if (waiting[0] === first) waiting.shift();
      first.done();
    }
  }

  /** @returns false when it was stopped before anything was settled */
  async function deliver({ news, since }: Waiting): Promise<boolean> {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      try {
        await notify(context, news);
        return true;
      } catch (error) {
        const wait = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0;
        const isHopeless = error instanceof AddressRefused || context.now() + wait - since > OLDEST_MS;
        if (isHopeless) {
          giveUp(news, error);
          return true;
        }
        await Promise.race([context.pause(wait), stopped]);
      }
    }
    return false;
  }

  function giveUp({ id }: News, error: unknown): void {
    publish([{ name: METRICS.transcriptionFailures, value: 1 }], context.now());
    log.error('A webhook of a transcription was given up', error, { call, news: id });
  }

  const all = () => Promise.all([...lines.values()].map(({ running }) => running));

  return {
    tell: news =>
      new Promise(done => {
        if (stopping.signal.aborted) return;
        const line = lines.get(news.line);
        const waiting = line && line.waiting.length > 0 ? line.waiting : [];
        waiting.push({ news, since: context.now(), done });
        if (waiting.length === 1) lines.set(news.line, { waiting, running: run(waiting) });
        if (waiting.length <= MOST_WAITING) return;
        // The first one is on its way.
        const [oldest] = waiting.splice(1, 1);
        if (!oldest) return;
        giveUp(oldest.news, new Error('Too much waits for that endpoint.'));
        oldest.done();
      }),
    async drained(withinMs) {
      await Promise.race([all(), context.pause(withinMs)]);
    },
    async stop() {
      stopping.abort();
      await all();
    },
  };
}
