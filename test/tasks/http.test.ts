/** HTTP that a flow wants: how often it is tried, how long the caller waits, and what the flow is told. */
import { describe, expect, test } from 'vitest';
import { change } from '../../lambda/app/change.ts';
import { AddressRefused } from '../../lambda/platform/addresses.ts';
import { guarded } from '../../lambda/platform/outgoing.ts';
import { CALL, type Reply, START, Stage, webhook } from './stage.ts';

const answered = (status: number, text = ''): Reply => ({ status, text });
const broken = Object.assign(new Error('connect ECONNREFUSED your-api.com'), { code: 'ECONNREFUSED' });

async function wanting(option: Record<string, unknown>, reply: Stage['reply']): Promise<Stage> {
  const stage = new Stage();
  stage.reply = reply;
  await stage.begin([webhook(option), { type: 'sleep', option: { duration: 1000 } }]);
  await stage.perform();
  return stage;
}

describe('an answer that the caller waits for', () => {
  const asked = (reply: Stage['reply']) => wanting({ sync: true }, reply);

  test('is told to the flow', async () => {
    const stage = await asked(() => answered(200, '{"tier":"gold"}'));
    await stage.goOn();
    const { state, todo } = await stage.run();
    expect(state.variables).toMatchObject({ 'customer.tier': 'gold', 'customer.status_code': '200' });
    expect(todo).toEqual([]);
    expect(stage.requests).toMatchObject([
      {
        url: 'https://your-api.com/customers',
        method: 'POST',
        body: '{"n":1}',
        readBytes: 65_536,
        headers: { 'content-type': 'application/json', 'webhook-id': `${CALL}.0.0` },
      },
    ]);
  });

  test.each([
    ['a network error', broken],
    ['429', answered(429)],
    ['500', answered(500)],
    ['503', answered(503)],
  ])('is asked for again after %s, by the same id, with longer and longer pauses', async (_, first) => {
    const stage = await asked((_request, n) => (n < 3 ? first : answered(200, '{"tier":"gold"}')));
    expect(stage.requests.map(({ at }) => at - START)).toEqual([0, 500, 2500]);
    expect(new Set(stage.ids).size).toBe(1);
    await stage.goOn();
    expect((await stage.run()).state.variables['customer.tier']).toBe('gold');
    expect((await stage.run()).failures).toBeUndefined();
  });

  test.each([302, 400, 404])('with the status %i is an answer, and not asked for again', async status => {
    const stage = await asked(() => answered(status, 'elsewhere'));
    expect(stage.requests).toHaveLength(1);
    expect((await stage.run()).result).toMatchObject({ type: 'answered', status, body: 'elsewhere' });
    await stage.goOn();
    const { state, failures } = await stage.run();
    expect(state.path[0]?.result).toBe(`failed: status ${status}`);
    expect(failures).toMatchObject([{ why: `status ${status}` }]);
  });

  test('is the last one, where all tries fail', async () => {
    const stage = await asked((_request, n) => answered(500 + n));
    expect((await stage.run()).result).toMatchObject({ type: 'answered', status: 503 });
    expect((await stage.run()).failures).toMatchObject([{ do: 'http', why: 'status 503' }]);
  });

  test('is waited for no longer than ten seconds in all', async () => {
    const stage = await asked(() => undefined);
    expect(stage.requests.map(({ at, timeoutMs }) => [at - START, timeoutMs])).toEqual([
      [0, 5000],
      [5500, 4500],
    ]);
    expect(stage.now - START).toBe(10_000);
    expect((await stage.run()).result).toEqual({ type: 'answered', step: 0 });
    await stage.goOn();
    expect((await stage.run()).state.path[0]?.result).toBe('failed: no answer');
  });
});

describe('a private address', () => {
  test('is refused at once, and the flow is told why', async () => {
    const stage = await wanting({ sync: true }, () => new AddressRefused('The address is private.'));
    expect(stage.requests).toHaveLength(1);
    await stage.goOn();
    const why = 'the address is refused: The address is private.';
    expect((await stage.run()).state.path[0]?.result).toBe(`failed: ${why}`);
    expect((await stage.run()).failures).toMatchObject([{ why }]);
  });

  test.each([
    ['https://10.0.0.7/', 'The address is private.'],
    ['http://your-api.com/', 'Only https addresses are called.'],
    ['https://your-api.com:port/', 'It is no URL.'],
  ])('%s is never tried', async (url, why) => {
    const outgoing = { url, method: 'GET', headers: {}, timeoutMs: 1000, readBytes: 0 } as const;
    await expect(guarded('')(outgoing)).rejects.toThrow(new AddressRefused(why));
  });
});

describe('what nobody waits for', () => {
  test('is tried three times, and then noted as failed without a word of the address', async () => {
    const stage = await wanting({ sync: false }, () => broken);
    expect(stage.requests).toHaveLength(3);
    const { failures, todo, state } = await stage.run();
    expect(failures).toEqual([
      { at: START + 2500, effect: '0.0', do: 'http', why: 'no answer (ECONNREFUSED)' },
    ]);
    expect([todo, state.wait?.for]).toEqual([[], 'hung_up']);
  });

  test('is not delivered by a redirect, which nobody follows', async () => {
    const stage = await wanting({ sync: false }, () => answered(301));
    expect((await stage.run()).failures).toMatchObject([{ do: 'http', why: 'status 301' }]);
  });

  test('is tried once where its data_type can stand in no header', async () => {
    const stage = new Stage();
    const send = guarded('127.0.0.1:1');
    stage.context.request = request => {
      stage.requests.push({ ...request, at: stage.now });
      return send(request);
    };
    await stage.begin([webhook({ uri: 'http://127.0.0.1:1/' })]);
    await change(stage.context, CALL, ({ call, agents }) => {
      const { flow } = call;
      if (!flow) return { call, agents };
      const spoilt = { content_type: 'text/\u0001plain' };
      const todo = flow.todo.map(one => ({ ...one, effect: { ...one.effect, ...spoilt } }));
      return { call: { ...call, flow: { ...flow, todo } }, agents };
    });
    await stage.perform();
    expect(stage.requests).toHaveLength(1);
    expect((await stage.run()).failures).toMatchObject([{ why: expect.stringContaining('data_type') }]);
  });

  test('keeps no other from being performed, and nothing of its answer is read', async () => {
    const stage = new Stage();
    stage.reply = ({ url }) => (url.includes('broken') ? answered(500) : answered(200));
    await stage.begin([
      webhook({ uri: 'https://broken.example.com' }, 'a'),
      webhook({ uri: 'https://sound.example.com' }, 'b'),
    ]);
    await stage.perform();
    const [broken, sound] = ['https://broken.example.com', 'https://sound.example.com'];
    expect(stage.requests.map(({ url }) => url)).toEqual([broken, sound, broken, broken]);
    expect(stage.requests[1]?.readBytes).toBe(0);
    expect((await stage.run()).failures).toMatchObject([{ effect: '0.0' }]);
  });
});

describe('a fetch of actions', () => {
  const fetching = async (event_method: string) => {
    const stage = new Stage();
    stage.reply = () => answered(200, '[{"type":"talk","option":{"text":"Fetched."}}]');
    const option = { event_url: 'https://your-api.com/actions?line=1', event_method };
    await stage.begin([{ type: 'fetch', option }]);
    await stage.perform();
    await stage.goOn();
    expect((await stage.run()).state.path.map(({ type }) => type)).toEqual(['fetch', 'talk']);
    return stage.requests[0];
  };
  const asker = { activeflow_id: CALL, reference_id: CALL, flow_id: 'main' };

  test('tells who asks', async () => {
    const request = await fetching('POST');
    expect(JSON.parse(request?.body ?? '')).toEqual({ ...asker, flow_version: 1 });
  });

  test('tells it in the query where there is no body', async () => {
    const request = await fetching('GET');
    const query = Object.fromEntries(new URL(request?.url ?? '').searchParams);
    expect(query).toEqual({ line: '1', ...asker, flow_version: '1' });
    expect(request?.body).toBe('');
  });
});

describe('a message', () => {
  const message = { destinations: [{ type: 'tel', target: '+15550001111' }], text: 'Hello' };

  test('goes to the endpoint of the deployment', async () => {
    const stage = new Stage({ MESSAGE_WEBHOOK_URL: 'https://messages.example.com/' });
    await stage.begin([{ type: 'message_send', option: message }]);
    await stage.perform();
    expect(stage.requests).toMatchObject([{ url: 'https://messages.example.com/', method: 'POST' }]);
    expect(JSON.parse(stage.requests[0]?.body ?? '')).toEqual({
      type: 'message.send',
      call_id: CALL,
      flow_id: 'main',
      flow_version: 1,
      content: message,
    });
  });

  test('that has nowhere to go is a failure that says what to set', async () => {
    const stage = new Stage();
    await stage.begin([{ type: 'message_send', option: message }]);
    await stage.perform();
    expect(stage.requests).toEqual([]);
    expect((await stage.run()).failures).toMatchObject([
      { do: 'send', why: expect.stringContaining('MESSAGE_WEBHOOK_URL') },
    ]);
  });
});
