import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { patiently } from '../../local/patience.ts';
import { findRunning, writeRunning } from '../../local/running.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchboard-running-'));
const file = join(folder, 'running.json');
let server: Server;

/** Writes that this process, which is certainly alive, is the stack, and answers as told. */
async function pretend(listener: RequestListener) {
  server = createServer(listener);
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const running = { url, apiKey: 'key', webhookKey: 'key', pid: process.pid };
  writeRunning(file, running);
  return running;
}

const close = () => {
  server.closeAllConnections();
  return new Promise(done => server.close(done));
};

describe('the stack that running.json tells of', () => {
  afterEach(async () => {
    if (server?.listening) await close();
    rmSync(file, { force: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is found when it says that it is well', async () => {
    const running = await pretend((request, response) =>
      response.end(JSON.stringify({ status: request.url === '/health' ? 'ok' : 'lost' })),
    );
    expect(await findRunning(file)).toEqual(running);
  });

  it.each<[string, RequestListener]>([
    ['answers 404', (_, response) => response.writeHead(404).end('{}')],
    ['speaks something else', (_, response) => response.end('<html>')],
    ['says nothing', () => undefined],
  ])('is not a stranger at its address who %s', async (_, listener) => {
    await pretend(listener);
    expect(await findRunning(file, 100)).toBeUndefined();
  });

  it('is not there when nobody listens, though a process has its id', async () => {
    await pretend(() => undefined);
    await close();
    expect(await findRunning(file)).toBeUndefined();
  });

  it('is not there without a whole file', async () => {
    expect(await findRunning(file)).toBeUndefined();
    writeFileSync(file, '{"url": "http://127.0');
    expect(await findRunning(file)).toBeUndefined();
  });
});

describe('patience with what a killed process holds', () => {
  const isBusy = (error: unknown) => (error as Error).message === 'busy';

  it('outlasts a passing refusal', async () => {
    let tries = 0;
    const attempt = async () => {
      tries += 1;
      if (tries < 3) throw new Error('busy');
      return tries;
    };
    expect(await patiently(attempt, isBusy)).toBe(3);
  });

  it('has none with any other', async () => {
    let tries = 0;
    const attempt = async () => {
      tries += 1;
      throw new Error('forbidden');
    };
    await expect(patiently(attempt, isBusy)).rejects.toThrow('forbidden');
    expect(tries).toBe(1);
  });
});
