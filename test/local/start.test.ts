import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../local/running.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchboard-start-'));
const runningFile = join(folder, '.switchboard', 'running.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npm start` in a folder of its own, without the settings of whoever runs the tests. */
function start(env: Record<string, string>, ...args: string[]) {
  const command = [resolve('node_modules/tsx/dist/cli.mjs'), resolve('local/start.ts'), ...args];
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, command, { cwd: folder, env: { PATH, HOME, ...env } });
  const printed = { text: '' };
  child.stdout.on('data', chunk => (printed.text += String(chunk)));
  child.stderr.on('data', chunk => (printed.text += String(chunk)));
  const exit = new Promise<number | null>(done => child.once('exit', done));
  return { child, printed, exit };
}

async function untilReady({ child, printed, exit }: ReturnType<typeof start>): Promise<void> {
  const ready = new Promise<void>(done => {
    child.stdout?.on('data', () => /^Switchboard is ready/m.test(printed.text) && done());
  });
  await Promise.race([ready, exit.then(code => Promise.reject(new Error(`exit ${code}: ${printed.text}`)))]);
}

describe('npm start where it cannot', () => {
  it('says so when the port is taken', async () => {
    const squatter: Server = createServer();
    await new Promise<void>(done => squatter.listen(0, done));
    const { port } = squatter.address() as AddressInfo;
    const { printed, exit } = start({ HTTP_PORT: String(port) });
    expect(await exit).toBe(1);
    expect(printed.text).toMatch(new RegExp(`port ${port} cannot be used.*HTTP_PORT`));
    expect(printed.text).not.toMatch(/^\s+at /m);
    await new Promise(done => squatter.close(done));
  }, 30_000);

  it('says what --tunnel needs', async () => {
    const { printed, exit } = start({ HTTP_PORT: '0' }, '--tunnel');
    expect(await exit).toBe(1);
    expect(printed.text).toContain('--tunnel needs NGROK_AUTH_TOKEN');
  }, 30_000);
});

describe('npm start', () => {
  let stack: ReturnType<typeof start>;
  let running: Running;

  beforeAll(async () => {
    stack = start({ HTTP_PORT: '0' });
    await untilReady(stack);
    running = JSON.parse(readFileSync(runningFile, 'utf8')) as Running;
  }, 60_000);

  afterAll(() => void (stack.child as ChildProcess).kill('SIGKILL'));

  it('prints what to paste into Vobiz, the key and what to try, and is not chatty', () => {
    const { text } = stack.printed;
    for (const path of ['answer', 'hangup', 'fallback']) {
      expect(text).toContain(`${running.url}/${path}?key=${running.webhookKey}`);
    }
    expect(text).toContain(running.apiKey);
    expect(text.match(/^Switchboard is ready/gm)).toHaveLength(1);
    expect(text).toMatch(
      /Assistants .*doubles of Deepgram and OpenAI \(no DEEPGRAM_API_KEY, no OPENAI_API_KEY\)/,
    );
    for (const next of ['npm run call -- --assistant', 'npm run make-call -- --to +'])
      expect(text).toContain(next);
    expect(text.split('\n').length).toBeLessThan(23);
  });

  it('serves the API, behind its key', async () => {
    expect((await fetch(`${running.url}/health`)).status).toBe(200);
    expect((await fetch(`${running.url}/agents`)).status).toBe(401);
    const headers = { authorization: `Bearer ${running.apiKey}` };
    expect((await fetch(`${running.url}/agents`, { headers })).status).toBe(200);
  });

  it('keeps its keys to its user', () => {
    expect(statSync(runningFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, '.switchboard/data/secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('cannot be started twice on the same data', async () => {
    const second = start({ HTTP_PORT: '0' });
    expect(await second.exit).toBe(1);
    expect(second.printed.text).toContain(`running already at ${running.url}`);
  }, 30_000);

  it('ends in good order on SIGTERM', async () => {
    stack.child.kill('SIGTERM');
    expect(await stack.exit).toBe(0);
    expect(existsSync(runningFile)).toBe(false);
  }, 30_000);
});
