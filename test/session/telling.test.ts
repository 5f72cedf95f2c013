/** Endpoints are told in order, each for itself, and given up in time. The clock moves when somebody waits. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../lambda/app/context.ts';
import { AddressRefused } from '../../lambda/platform/addresses.ts';
import { telling } from '../../lambda/session/telling.ts';
import { heard } from '../support/heard.ts';

const HOOK = 'https://crm.example.com/transcripts';
const OTHER = 'https://crm.example.com/alerts';

let now: number;
let asked: { at: number; url: string; id: string }[];
/** How a request is answered, and what it takes. */
let reply: (id: string, n: number) => Promise<number> | number;

beforeEach(() => {
  now = 0;
  asked = [];
  reply = () => 200;
});

const context = {
  now: () => now,
  webhookKeys: async () => ['key'],
  async pause(ms: number) {
    now += ms;
    await Promise.resolve();
  },
  request: async ({ url, headers }: { url: string; headers: Record<string, string> }) => {
    const id = headers['webhook-id'] ?? '';
    asked.push({ at: now, url, id });
    return { status: await reply(id, asked.length), text: '' };
  },
} as unknown as Context;

const news = (id: number, url = HOOK, line = url) => ({
  url,
  line,
  id: String(id),
  body: { words: 'secret' },
});
const ids = (url = HOOK) => asked.filter(one => one.url === url).map(({ id }) => Number(id));
const hangs = () => new Promise<number>(() => undefined);

/** Lines of the log with that in it. */
const lines = async (word: string, run: () => Promise<unknown>) =>
  (await heard(run)).filter(line => line.includes(word));

it('tells in order, and again until it is taken, before anything that came later', async () => {
  reply = (_, n) => (n <= 2 ? 503 : 200);
  const posts = telling(context, 'call-1');
  await Promise.all([1, 2, 3].map(id => posts.tell(news(id))));
  expect(ids()).toEqual([1, 1, 1, 2, 3]);
});

it('gives up after half a minute, with a metric and without the words; what waits behind is tried', async () => {
  reply = id => (id === '1' ? 500 : 200);
  const posts = telling(context, 'call-1');
  const metrics = await lines('"TranscriptionFailures":[1]', async () => {
    await Promise.all([1, 2].map(id => posts.tell(news(id))));
  });
  expect(metrics).toHaveLength(1);
  expect(ids().filter(id => id === 1).length).toBeGreaterThan(5);
  expect(asked.filter(({ id }) => id === '1').every(({ at }) => at <= 30_000)).toBe(true);
  expect(ids().at(-1)).toBe(2);
  expect(await lines('secret', () => posts.tell(news(1)))).toEqual([]);
});

it('an address that is refused is given up at once', async () => {
  reply = () => Promise.reject(new AddressRefused('The address is private.'));
  const posts = telling(context, 'call-1');
  await heard(() => posts.tell(news(1)));
  expect(ids()).toEqual([1]);
});

it('an endpoint that hangs keeps no other waiting', async () => {
  reply = id => (id === '1' ? hangs() : 200);
  const posts = telling(context, 'call-1');
  void posts.tell(news(1));
  void posts.tell(news(2));
  await posts.tell(news(3, OTHER));
  expect(ids()).toEqual([1]);
  expect(ids(OTHER)).toEqual([3]);
});

it('an endpoint that hangs keeps no other line to itself waiting', async () => {
  reply = id => (id === '1' ? hangs() : 200);
  const posts = telling(context, 'call-1');
  void posts.tell(news(1));
  void posts.tell(news(2));
  await posts.tell(news(3, HOOK, 'keywords'));
  expect(ids()).toEqual([1, 3]);
});

it('keeps two hundred at most, and gives up the oldest but the one under way', async () => {
  let answer = (_: number) => undefined as undefined;
  reply = () =>
    new Promise(resolve => {
      answer = status => void resolve(status);
    });
  const posts = telling(context, 'call-1');
  const given = await lines('given up', async () => {
    const all = Array.from({ length: 203 }, (_, at) => posts.tell(news(at + 1)));
    await Promise.all(all.slice(1, 4));
    reply = () => 200;
    answer(200);
    await Promise.all(all);
  });
  expect(given).toHaveLength(3);
  expect(ids()).toEqual([1, ...Array.from({ length: 199 }, (_, at) => at + 5)]);
});

describe('stopped', () => {
  it('it ends what is under way and begins nothing; the rest never counts as told', async () => {
    let answer = (_: number) => undefined as undefined;
    reply = () =>
      new Promise(resolve => {
        answer = status => void resolve(status);
      });
    const posts = telling(context, 'call-1');
    const told: number[] = [];
    for (const id of [1, 2]) void posts.tell(news(id)).then(() => told.push(id));
    await Promise.resolve();
    await Promise.resolve();
    const stopped = posts.stop();
    while (asked.length === 0) await Promise.resolve();
    answer(200);
    await stopped;
    expect(ids()).toEqual([1]);
    expect(told).toEqual([1]);
  });

  it('between two tries it is stopped at once', async () => {
    reply = () => 500;
    let resume = () => undefined as undefined;
    const waiting = {
      ...context,
      pause: () =>
        new Promise<void>(resolve => {
          resume = () => void resolve();
        }),
    } as Context;
    const posts = telling(waiting, 'call-1');
    void posts.tell(news(1));
    while (asked.length === 0) await Promise.resolve();
    await posts.stop();
    resume();
    expect(ids()).toEqual([1]);
  });
});
