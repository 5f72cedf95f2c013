/** What outlives the process: calls, agents, keys and figures, and callers who hold while it starts again. */
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { type Command, command } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { eventually, openStage, type Stage } from '../support/stage.ts';
import { heard } from '../support/story.ts';

const ASHA = '+919876543210';
const RAVI = '+919876543211';

/** Of a period with fixed ends, so that two answers can be compared. */
const METRICS = `/queue/metrics?from=${inHours(-1)}&to=${inHours(1)}`;

function inHours(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

describe('a host with a folder for its data', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  it('knows calls, agents, queues and metrics after its process was killed', async () => {
    stage = await openStage({
      host: { dataDir: await temporaryFolder() },
      settings: { MAX_WAIT_CYCLES: '1' },
    });
    await stage.register(ASHA, { skills: ['hindi'] });
    await stage.api('PUT', '/queues/sales', { greeting: 'Sales, good day.' });
    await stage.api('PUT', '/numbers/+911140000009', { queue: 'sales' });
    await stage.call().done;
    await stage.api('PATCH', `/agents/${ASHA}`, { state: 'away', reason: 'lunch' });
    await stage.call().done;
    await stage.call({ hangsUp: { on: 'plays', after: 1 } }).done;

    const everything = () =>
      Promise.all(
        ['/agents?state=all', '/queues', '/numbers', '/calls', METRICS].map(path => stage.api('GET', path)),
      );
    const before = await everything();
    expect(before[4]?.body).toMatchObject({ total_calls: 3, connected: 1, voicemails: 1, abandoned: 1 });
    await stage.restart();
    expect(await everything()).toEqual(before);
  });

  it('finds an agent for a caller who held while it was away', async () => {
    stage = await openStage({
      host: { dataDir: await temporaryFolder() },
      settings: { HOLD_WAIT_SECS: '100', MAX_WAIT_CYCLES: '5' },
    });
    const { call, done } = stage.call();
    await eventually(
      () => heard(call),
      sounds => sounds.some(sound => sound.startsWith('music')),
    );
    const { joined_at } = await stage.record(call);
    await stage.restart();
    await stage.register(ASHA);
    await done;
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent: ASHA, joined_at });
    expect(await stage.metrics()).toMatchObject({ total_calls: 1, connected: 1 });
  });
});

describe('npm start', () => {
  const start = (cwd: string, env: Record<string, string> = {}) =>
    command('local/start.ts', { cwd, env: { HTTP_PORT: '0', ...env } });
  const SPEED = 20;

  it('is what these tests run', () => {
    expect(packageJson.scripts).toMatchObject({ start: 'tsx local/start.ts', call: 'tsx carrier/cli.ts' });
  });

  it('says when it is ready, serves a first call, and goes on with the same data after its death', async () => {
    const cwd = await temporaryFolder();
    const first = start(cwd);
    const printed = await greeting(first);
    expect(printed.ready).toHaveLength(1);
    expect(await (await fetch(`${printed.url}/health`)).json()).toEqual({ status: 'ok' });

    const agent = { number: RAVI, name: 'Ravi' };
    expect((await ask(printed, '/agents', agent)).status).toBe(201);
    const call = command('carrier/cli.ts', { cwd, args: ['--json', '--speed', String(SPEED)] });
    expect(await call.ended, call.stderr() + call.stdout()).toBe(0);
    const entries = call
      .stdout()
      .trim()
      .split('\n')
      .flatMap(line => JSON.parse(line).entry ?? []);
    const { at } = entries.find(({ kind }) => kind === 'bridged');

    const metrics = (await ask(printed, METRICS)).body;
    expect(metrics).toMatchObject({ total_calls: 1, connected: 1, abandoned: 0, waiting: 0 });
    expect(Math.abs(metrics.avg_wait_secs - at / 1000 / SPEED)).toBeLessThan(1);
    const calls = await ask(printed, '/calls');

    first.child.kill('SIGKILL');
    await first.ended;
    const second = start(cwd);
    const again = await greeting(second);
    expect(second.stdout()).toMatch(/^Kept so far +1 agent, 1 call in the last 24 hours$/m);
    expect(again).toMatchObject({ apiKey: printed.apiKey, webhookKey: printed.webhookKey });
    expect((await ask(again, '/agents')).body.agents).toMatchObject([{ ...agent, calls_handled: 1 }]);
    expect(await ask(again, '/calls')).toEqual(calls);
    expect((await ask(again, METRICS)).body).toEqual(metrics);

    const third = start(cwd);
    expect(await third.ended).toBe(1);
    expect(third.stderr()).toContain(`it is running already at ${again.url}`);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(second.stdout()).toMatch(/^Switchboard has stopped\..*\.switchboard/m);
  }, 120_000);

  it('takes over port and data from one that was killed a moment ago', async () => {
    const cwd = await temporaryFolder();
    const env = { HTTP_PORT: String(await freePort()), CARRIER_PORT: '0' };
    const first = start(cwd, env);
    const printed = await greeting(first);
    expect(first.stdout()).toMatch(/^Kept so far +nothing yet$/m);
    first.child.kill('SIGKILL');
    const second = start(cwd, env);
    expect(await greeting(second)).toMatchObject({ url: printed.url, apiKey: printed.apiKey });
  }, 120_000);

  it('warns of what a Vobiz account lacks, and is ready all the same', async () => {
    const account = { VOBIZ_AUTH_ID: 'MA_TEST', VOBIZ_AUTH_TOKEN: 'token-of-the-test' };
    const started = start(await temporaryFolder(), account);
    await greeting(started);
    expect(started.stdout()).toMatch(/^Warning: Vobiz cannot reach http:\/\/127.*PUBLIC_URL/m);
    expect(started.stdout()).toMatch(/^Warning: FROM_NUMBER is not set: agents see/m);
  }, 120_000);

  it.each([
    [
      'at once',
      { HTTP_PORT: 'http', PUBLIC_URL: 'calls.example.com', API_KEY: 'short', VOBIZ_AUTH_ID: 'MA' },
    ],
    ['by the CDK app', { HOLD_WAIT_SECS: 'soon', AGENT_NUMBER: '98765' }],
  ])(
    'says of all settings that are refused %s what is wrong, and ends',
    async (_how, wrong) => {
      const refused = start(await temporaryFolder(), wrong);
      expect(await refused.ended).toBe(1);
      expect(refused.stderr()).toContain('Settings need attention:');
      for (const name of Object.keys(wrong))
        expect(refused.stderr()).toMatch(new RegExp(`^.*${name}.* (must|belong)`, 'm'));
      expect(refused.stderr()).not.toMatch(/^\s+at /m);
    },
    60_000,
  );
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

interface Greeting {
  url: string;
  apiKey: string;
  webhookKey: string;
  ready: string[];
}

/** What a person reads off the terminal when it is ready. */
async function greeting(started: Command): Promise<Greeting> {
  const lines = await started.says(/^Switchboard is ready/);
  const after = (pattern: RegExp) => lines.map(line => pattern.exec(line)?.[1]).find(Boolean) ?? '';
  return {
    url: after(/^Switchboard is ready at (\S+)/),
    apiKey: after(/^API key +(\S+)/),
    webhookKey: after(/^Answer URL +\S+\/answer\?key=(\S+)/),
    ready: lines.filter(line => line.startsWith('Switchboard is ready')),
  };
}

async function ask({ url, apiKey }: Greeting, path: string, body?: object) {
  const response = await fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are checked field by field
  return { status: response.status, body: (await response.json()) as any };
}
