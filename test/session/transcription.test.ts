/**
 * A call is transcribed beside whatever it does: both sides, in real time, over deaths, hand-overs and outages. The
 * longest tests come first, since only a few run at a time.
 */
import { expect, it, vi } from 'vitest';
import type { CallerScript, Manner } from '../../carrier/index.ts';
import type { SendRequest } from '../../lambda/platform/outgoing.ts';
import { heard } from '../support/heard.ts';
import { atDesk, type Desk } from './desk.ts';

vi.setConfig({ testTimeout: 30_000 });

const NUMBER = '+911140000007';
const AGENT = '+911140000008';
const HOOK = 'https://crm.example.com/transcripts';
const ALERTS = 'https://crm.example.com/alerts';
const KEYWORDS = [
  { phrase: 'cancel my order', webhook_url: ALERTS, variable: 'mood', value: 'leaving', alert: true },
  { phrase: 'supervisor' },
];

interface Post {
  at: number;
  url: string;
  id: string;
  body: Record<string, unknown> & { type: string; who: string; entry: number; text: string; phrase: string };
}

interface Play {
  says: CallerScript['says'];
  /** What the agent says. */
  answers?: Manner['says'];
  talks?: number;
  stream?: CallerScript['stream'];
  option?: object;
}

/** The customer's endpoints; `answer` gives the status, or throws. */
function endpoints(answer: (post: Post) => Promise<number> | number = () => 200) {
  const posts: Post[] = [];
  const request: SendRequest = async ({ url, headers, body = '' }) => {
    const post = { at: Date.now(), url, id: headers['webhook-id'] ?? '', body: JSON.parse(body) };
    posts.push(post);
    return { status: await answer(post), text: '' };
  };
  return { posts, request };
}

/** A caller in a flow that is transcribed while it connects them to an agent. */
async function play(desk: Desk, { says, answers = [], talks = 3, stream, option = {} }: Play) {
  desk.vobiz.teach({ [AGENT]: { does: 'answer', after: 0.1, talks, says: answers } });
  const actions = [
    { type: 'answer' },
    { type: 'transcribe_start', option: { webhook_url: HOOK, keywords: KEYWORDS, ...option } },
    {
      type: 'connect',
      option: {
        source: { type: 'tel', target: '+911140000000' },
        destinations: [{ type: 'tel', target: AGENT }],
      },
    },
    { type: 'hangup' },
  ];
  const saved = await desk.api('PUT', '/flows/transcribed', { name: 'Transcribed', actions });
  expect(saved.body.problems ?? saved.status).toBeLessThan(300);
  await desk.api('PUT', `/numbers/${encodeURIComponent(NUMBER)}`, { flow: 'transcribed' });
  return desk.call(says, { to: NUMBER, ...(stream && { stream }) });
}

const lines = (posts: Post[]) =>
  posts.map(({ body: { type, who, text, phrase } }) =>
    type === 'transcript.keyword'
      ? `${who}! ${phrase}`
      : type === 'transcript.gap'
        ? `${who}?`
        : `${who}: ${text}`,
  );

const sessionsDone = (desk: Desk) => Promise.all(desk.sessions.map(({ done }) => done));

it('labels both sides, tells keywords within a second of the words, disturbs nothing and gives nothing away', async () => {
  const { posts, request } = endpoints();
  const desked = atDesk({ product: { request } }, async desk => {
    const { call, done } = await play(desk, {
      says: [{ text: 'please cancel my order today', after: 0.8 }],
      answers: [{ text: 'let me ask the supervisor', after: 1.8 }],
      talks: 3.5,
    });
    await done;
    await sessionsDone(desk);
    expect(call.story.of('bridged')).toHaveLength(1);
    const toHook = posts.filter(({ url }) => url === HOOK);
    expect(lines(toHook)).toEqual([
      'caller: please cancel my order today',
      'agent: let me ask the supervisor',
      'agent! supervisor',
    ]);
    const alert = posts.find(({ url }) => url === ALERTS);
    expect(alert?.body).toMatchObject({ type: 'transcript.keyword', phrase: 'cancel my order', alert: true });
    const caller = desk.doubles.requests.listen.find(
      ({ interims }) => interims.length > 0 && interims[0]?.text.startsWith('please'),
    );
    const understood = caller?.interims.find(({ text }) => text.includes('order today'))?.at ?? 0;
    const finished = caller?.heard.find(({ text }) => text.includes('order'))?.at ?? 0;
    const words = Math.min(...[understood, finished].filter(at => at > 0));
    expect((alert?.at ?? Number.POSITIVE_INFINITY) - words).toBeLessThan(500);
    const record = await desk.context.store.calls.one(call.uuid);
    expect(record?.flow?.state.variables.mood).toBe('leaving');
    const [transcript] = await desk.context.store.transcripts.ofCall(call.uuid);
    expect(transcript?.transcript.ended_at).toBeGreaterThan(0);
    expect(transcript?.entries.every(({ told_at }) => told_at !== undefined)).toBe(true);
  });
  const logged = (await heard(desked)).join();
  expect(logged).toContain('A transcription session has ended');
  expect(logged).not.toMatch(/supervisor|order|leaving/);
});

it.concurrent('crosses several sessions without a lost word or a second word of it', () => {
  const { posts, request } = endpoints();
  return atDesk({ product: { request }, settings: { SESSION_MAX_SECS: '3' } }, async desk => {
    const { done } = await play(desk, {
      says: [
        { text: 'the first thing i say is long enough to be cut', after: 0.8 },
        { text: 'the second thing', after: 0.6 },
      ],
      talks: 7,
    });
    await done;
    await sessionsDone(desk);
    expect(desk.sessions.length).toBeGreaterThanOrEqual(3);
    expect(lines(posts)).toEqual([
      'caller: the first thing i say is long enough to be cut',
      'caller: the second thing',
    ]);
    expect(posts.map(({ body }) => body.entry)).toEqual([1, 2]);
  })();
});

it.concurrent('without a transcriber the call goes on; the record says since when, and the words come when it is back', () => {
  const { posts, request } = endpoints();
  const faults = { listen: Array.from({ length: 10 }, () => ({ kind: 'error' as const })) };
  return atDesk({ product: { request }, script: { faults } }, async desk => {
    const { call, done } = await play(desk, {
      says: [{ text: 'is anybody there', after: 0.8 }],
      talks: 7,
    });
    await done;
    await sessionsDone(desk);
    expect(call.story.of('bridged')).toHaveLength(1);
    expect(lines(posts).slice(0, 2).sort()).toEqual(['agent?', 'caller?']);
    expect(lines(posts).slice(2)).toEqual(['caller: is anybody there']);
  })();
});

it.concurrent.each([
  ['while they speak', 1500],
  ['between the words', 2300],
])('a session that dies %s is succeeded; no word is lost, and none told under two names', (_, afterMs) => {
  const { posts, request } = endpoints();
  return atDesk({ product: { request } }, async desk => {
    const { call, done } = await play(desk, {
      says: [
        { text: 'please cancel my order today', after: 0.8 },
        { text: 'that is all i want', after: 1.5 },
      ],
      answers: [{ text: 'let me see', after: 1.2 }],
      talks: 6,
    });
    while (desk.sessions.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    await new Promise(resolve => setTimeout(resolve, afterMs));
    desk.sessions[0]?.kill();
    await done;
    await Promise.all(desk.sessions.slice(1).map(one => one.done));
    const [transcript] = await desk.context.store.transcripts.ofCall(call.uuid);
    const said = (who: string) =>
      transcript?.entries
        .flatMap(one => (one.kind === 'speech' && one.who === who ? [one.text] : []))
        .join(' ');
    expect(said('caller')).toBe('please cancel my order today that is all i want');
    expect(said('agent')).toBe('let me see');
    expect(new Set(posts.map(({ id, body }) => `${id} ${JSON.stringify(body)}`)).size).toBe(
      new Set(posts.map(({ id }) => id)).size,
    );
    expect(new Set(posts.filter(({ url }) => url === ALERTS).map(({ id }) => id)).size).toBe(1);
    expect(new Set(posts.map(({ body }) => body.entry))).toEqual(
      new Set(transcript?.entries.map(({ n }) => n)),
    );
  })();
});

it.concurrent('a session that dies after the last word, before it has told all, is succeeded, though no frame comes any more', () => {
  let isAway = true;
  const { posts, request } = endpoints(() => (isAway ? 503 : 200));
  return atDesk({ product: { request } }, async desk => {
    const { call, done } = await play(desk, { says: [{ text: 'my last words', after: 0.8 }], talks: 2 });
    await done;
    desk.sessions[0]?.kill();
    isAway = false;
    while (desk.sessions.length < 2) await new Promise(resolve => setTimeout(resolve, 5));
    await Promise.all(desk.sessions.slice(1).map(one => one.done));
    expect(lines(posts).at(-1)).toBe('caller: my last words');
    expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
    const [transcript] = await desk.context.store.transcripts.ofCall(call.uuid);
    expect(transcript?.entries[0]?.told_at).toBeGreaterThan(0);
    expect(transcript?.transcript.ended_at).toBeGreaterThan(0);
  })();
});

it.concurrent('an endpoint that hangs delays nobody but itself', () => {
  const { posts, request } = endpoints(({ url }) => (url === HOOK ? new Promise(() => undefined) : 200));
  return atDesk({ product: { request } }, async desk => {
    const { call, done } = await play(desk, {
      says: [
        { text: 'hello there', after: 0.8 },
        { text: 'cancel my order please supervisor', after: 0.8 },
      ],
      talks: 4,
    });
    await done;
    const keywords = posts.filter(({ body }) => body.type === 'transcript.keyword');
    expect(keywords.map(({ url, body }) => [url, body.phrase])).toEqual([
      [ALERTS, 'cancel my order'],
      [HOOK, 'supervisor'],
    ]);
    const entries = await desk.context.store.transcripts.entries(call.uuid, '1');
    expect(entries.map(({ kind }) => kind).sort()).toEqual(['keyword', 'keyword', 'speech', 'speech']);
  })();
});

it.concurrent('takes frames that are numbered in one row for both sides', () => {
  const { posts, request } = endpoints();
  return atDesk({ product: { request } }, async desk => {
    const { done } = await play(desk, {
      says: [{ text: 'the first thing', after: 0.8 }],
      answers: [{ text: 'and the other', after: 0.5 }],
      talks: 2,
      stream: { numbersTogether: true },
    });
    await done;
    await sessionsDone(desk);
    expect(lines(posts).sort()).toEqual(['agent: and the other', 'caller: the first thing']);
  })();
});

it.concurrent('of one side alone, the other is not listened to', () => {
  const { posts, request } = endpoints();
  return atDesk({ product: { request } }, async desk => {
    const { done } = await play(desk, {
      says: [{ text: 'the first thing', after: 0.8 }],
      answers: [{ text: 'and the other', after: 0.5 }],
      talks: 2,
      option: { direction: 'out' },
    });
    await done;
    await sessionsDone(desk);
    expect(lines(posts)).toEqual(['agent: and the other']);
    expect(desk.doubles.requests.listen).toHaveLength(1);
  })();
});
