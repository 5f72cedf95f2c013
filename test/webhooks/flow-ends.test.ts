/**
 * How a call is remembered that a flow has sent to queues: what came late, in another order or twice tells the same as
 * what came in time, and each queue counts what the caller has met there.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { urlTo } from '../support/document.ts';
import { AGENT, file, join, link, oneCall, SLEEP, talk } from './one-call.ts';

const call = oneCall();
const { api, available, begin, hangUp, post, record, toVoicemail, told, work } = call;

/** Of the calls that have joined the queue, what became of them. */
async function counted(queue: string) {
  call.context.time += 1;
  const { body } = await api(`GET /queue/metrics?queue=${queue}`);
  const { connected, abandoned, voicemails, total_calls: total, waiting } = body;
  return { total, connected, abandoned, voicemails, waiting };
}
const NOBODY = { total: 0, connected: 0, abandoned: 0, voicemails: 0, waiting: 0 };

describe('a message for a queue of the flow', () => {
  it('is told to that queue, though its file comes when the caller is back', async () => {
    const voicemail = await toVoicemail(await begin([join('support'), talk('Thanks.'), SLEEP]));
    await post(urlTo('/voicemail-done', voicemail), { RecordingID: 'r1' });
    expect(await post(link(voicemail, 'resume'))).toContain('Thanks.');
    for (let times = 0; times < 2; times++) {
      await post(urlTo('/voicemail-file', voicemail), file('r1'));
      await work();
    }
    expect(told).toMatchObject([
      {
        url: 'https://support.example.com/',
        id: 'voicemail-c',
        body: { recording_url: file('r1').RecordUrl },
      },
    ]);
    expect(await record()).toMatchObject({
      state: 'in_flow',
      visits: [
        { queue: 'support', outcome: 'voicemail', voicemail: { recording_id: 'r1', duration_secs: 5 } },
      ],
    });
    expect(await counted('support')).toEqual({ ...NOBODY, total: 1, voicemails: 1 });
  });

  it('is another one than the message for the next queue, in whatever order they come', async () => {
    const first = await toVoicemail(await begin([join('support'), join('sales'), talk('Thanks.')]));
    const second = await toVoicemail(await post(link(first, 'resume')));
    expect((await record()).queue).toBe('sales');
    await post(urlTo('/voicemail-file', second), file('r2'));
    await post(urlTo('/voicemail-file', first), file('r1', 9));
    await work();
    expect(told.map(({ url, id, body }) => [url, id, body.recording_url])).toEqual([
      ['https://sales.example.com/', 'voicemail-c-2', file('r2').RecordUrl],
      ['https://support.example.com/', 'voicemail-c', file('r1').RecordUrl],
    ]);
    await hangUp();
    expect(await record()).toMatchObject({
      outcome: 'voicemail',
      visits: [
        { queue: 'support', voicemail: { recording_id: 'r1' } },
        { queue: 'sales', voicemail: { recording_id: 'r2' }, outcome: 'voicemail' },
      ],
    });
    const { body } = await api('GET /calls/c');
    expect(body.visits[0].voicemail).toMatchObject({ url: file('r1').RecordUrl, duration_secs: 9 });
    expect(body.voicemail).toMatchObject({ url: file('r2').RecordUrl });
  });

  it('of which only the file is heard after the hang-up refines the visit and the call', async () => {
    const voicemail = await toVoicemail(await begin([join('support'), talk('Thanks.')]));
    await hangUp();
    expect(await counted('support')).toEqual({ ...NOBODY, total: 1, abandoned: 1 });
    await post(urlTo('/voicemail-file', voicemail), file('r1'));
    expect(await record()).toMatchObject({ outcome: 'voicemail', visits: [{ outcome: 'voicemail' }] });
    expect(await counted('support')).toEqual({ ...NOBODY, total: 1, voicemails: 1 });
    await work();
    expect(told.map(({ url }) => url)).toContain('https://support.example.com/');
  });
});

describe('an agent of a queue has talked to the caller', () => {
  beforeEach(async () => {
    await call.saveFlow('after', [talk('${queue.result}')]);
    await available();
  });
  const FLOW = [talk('Hello.'), join('support'), talk('Bye.'), SLEEP];

  /** Each in the order given, a second apart, though the carrier tells of the hang-up with the end of the talk. */
  async function play(order: string[]) {
    const ring = await post(urlTo('/queue-try-agent', await begin(FLOW, { on_complete_flow_id: 'after' })));
    const words: Record<string, () => Promise<unknown>> = {
      answered: () =>
        post(urlTo('/dial-event', ring), {
          Event: 'DialConnected',
          DialBLegStatus: 'connected',
          DialBLegTo: AGENT,
        }),
      over: () => post(urlTo('/dial-complete', ring), { DialStatus: 'completed', DialBLegTo: AGENT }),
      gone: () => hangUp(),
    };
    for (const word of order) {
      call.context.time += 5000;
      await words[word]?.();
    }
  }

  const ORDERS = [
    ['answered', 'over', 'gone'],
    ['answered', 'gone', 'over'],
    ['gone', 'answered', 'over'],
    ['gone', 'over', 'answered'],
    ['over', 'gone', 'answered'],
    ['over', 'gone'],
    ['gone', 'over'],
  ];

  it.each(
    ORDERS.map(order => [order]),
  )('the record tells it, in lists too, where word comes as %j', async order => {
    await play(order);
    expect(await record()).toMatchObject({ state: 'ended', outcome: 'connected', queue: '' });
    const { body } = await api('GET /calls/c');
    expect(body).toMatchObject({ queue: 'support', agent: AGENT, outcome: 'connected' });
    expect(body.connected_at).not.toBeNull();
    expect(body.talked_secs).toBeGreaterThanOrEqual(0);
    expect(await counted('support')).toEqual({ ...NOBODY, total: 1, connected: 1 });
    expect((await api('GET /calls')).body.calls).toMatchObject([
      { call_id: 'c', queue: 'support', agent: AGENT, connected_at: body.connected_at },
    ]);
    expect((await api('GET /calls?queue=support')).body.calls).toMatchObject([
      { call_id: 'c', agent: AGENT },
    ]);
    expect((await api('GET /calls?queue=sales')).body.calls).toEqual([]);
  });

  it.each([
    [['answered', 'gone']],
    [['answered', 'over', 'gone']],
    [['over', 'gone']],
  ])('and what follows the flow knows, after %j', async order => {
    await play(order);
    await work();
    const [run] = (await api('GET /calls/c')).body.following;
    expect(run.variables).toMatchObject({ 'queue.result': 'connected' });
  });

  it('is erased only when what follows the flow is done', async () => {
    await play(['answered', 'gone']);
    expect(await api('DELETE /calls/c')).toMatchObject({ status: 409 });
    await work();
    expect(await api('DELETE /calls/c')).toMatchObject({ status: 204 });
    expect(await counted('sales')).toEqual(NOBODY);
    expect((await api('GET /calls?queue=support')).body.calls).toEqual([]);
  });
});

it('who hangs up in a second queue has abandoned that one, and was connected all the same', async () => {
  await available();
  const ring = await post(
    urlTo('/queue-try-agent', await begin([talk('Hello.'), join('support'), join('sales')])),
  );
  const back = await post(urlTo('/dial-complete', ring), { DialStatus: 'completed', DialBLegTo: AGENT });
  await post(urlTo('/queue-try-agent', await post(link(back, 'resume'))));
  call.context.time += 30_000;
  await hangUp();
  expect(await record()).toMatchObject({
    outcome: 'connected',
    visits: [
      { queue: 'support', outcome: 'connected' },
      { queue: 'sales', outcome: 'abandoned' },
    ],
  });
  expect(await counted('support')).toEqual({ ...NOBODY, total: 1, connected: 1 });
  expect(await counted('sales')).toEqual({ ...NOBODY, total: 1, abandoned: 1 });
  expect((await api('GET /calls/c')).body).toMatchObject({ queue: 'support', agent: AGENT });
});
