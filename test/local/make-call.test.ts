/** `npm run make-call`: its options, its words, its exit code. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ApiError, type AppApi } from '../../local/outbound/app-api.ts';
import { makeCall } from '../../local/outbound/follow.ts';
import { readOptions, UsageError } from '../../local/outbound/options.ts';
import type { CallRecord } from '../../local/outbound/story.ts';
import { command } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';

describe('the command line', () => {
  it('calls for the default assistant, and takes variables', () => {
    const args = ['--to', '+919876543210', '--var', 'name=Anna', '--var', 'sum=1=2', '--no-wait'];
    expect(readOptions(args, {})).toEqual({
      help: false,
      wait: false,
      order: { to: '+919876543210', assistant: 'default', variables: { name: 'Anna', sum: '1=2' } },
    });
  });

  it('calls for a queue, from a line, through a deployed stack with the key of the environment', () => {
    const args = [
      '--to',
      '+919876543210',
      '--queue',
      'sales',
      '--from',
      '+918000000000',
      '--url',
      'https://a.b/',
    ];
    expect(readOptions(args, { API_KEY: 'k' })).toMatchObject({
      url: 'https://a.b',
      key: 'k',
      order: { to: '+919876543210', from: '+918000000000', queue: 'sales' },
    });
  });

  it('calls for a flow', () => {
    const { order } = readOptions(['--to', '+919876543210', '--flow', 'hours'], {});
    expect(order).toEqual({ to: '+919876543210', flow: 'hours' });
  });

  it.each([
    [[], '--to is missing'],
    [['--to'], '--to needs a value'],
    [['+919876543210'], 'is not an option'],
    [['--to', '+919876543210', '--asistant', 'x'], 'is not an option'],
    [['--to', '+919876543210', '--queue', 'a', '--assistant', 'b'], 'not several'],
    [['--to', '+919876543210', '--queue', 'a', '--flow', 'b'], 'not several'],
    [['--to', '+919876543210', '--var', 'name'], 'NAME=VALUE'],
    [['--to', '+919876543210', '--url', 'example.com'], 'must start with https://'],
    [['--to', '+919876543210', '--url', 'https://example.com'], 'API_KEY'],
  ])('refuses %j', (args, words) => {
    expect(() => readOptions(args, {})).toThrow(UsageError);
    expect(() => readOptions(args, {})).toThrow(words);
  });
});

const DIAL = { result: null, ringing_at: null, answered_at: null, status: null, detail: null };
const PLACED: CallRecord = {
  call_id: 'own-1',
  state: 'dialing',
  outcome: null,
  assistant: 'default',
  queue: null,
  flow: null,
  agent: null,
  dial: DIAL,
};
const dialed = (dial: object, changes: object = {}): CallRecord => ({
  ...PLACED,
  ...changes,
  dial: { ...DIAL, ...dial },
});

/** @param records what the API says of the call, one after the other; an Error when it does not answer */
async function told(placed: CallRecord, records: (CallRecord | Error)[], wait = true) {
  const lines: string[] = [];
  const left = [...records];
  const api: AppApi = {
    place: async () => placed,
    record: async () => {
      const next = left.length > 1 ? left.shift() : left[0];
      if (next instanceof Error || !next) throw next ?? new Error('Nobody asked for more.');
      return next;
    },
  };
  const following = { wait, say: (line: string) => void lines.push(line), pause: async () => undefined };
  const reached = await makeCall(api, { to: '+919876543210' }, following);
  return { lines: lines.slice(1), reached };
}

describe('a call that is followed', () => {
  const up = { ringing_at: 'then', answered_at: 'later', result: 'answered' };

  it('tells each step once, to the end', async () => {
    const ringing = dialed({ ringing_at: 'then' });
    const talking = dialed(up, { state: 'assisted' });
    const queued = dialed(up, { state: 'connected', queue: 'sales', agent: '+919000000001' });
    const ended = { ...queued, state: 'ended', outcome: 'connected' };
    const lost = new ApiError('away');
    const { lines, reached } = await told(PLACED, [PLACED, ringing, ringing, lost, talking, queued, ended]);
    expect(lines).toEqual([
      'Ringing ...',
      'Answered.',
      'Speaking with the assistant "default".',
      'In the queue "sales".',
      'Connected to the agent +919000000001.',
      'The call has ended: connected.',
    ]);
    expect(reached).toBe(true);
  });

  it('tells of the flow, and of the queue to which it leads', async () => {
    const flow = { flow: 'hours' };
    const led = dialed(up, { assistant: null, state: 'in_flow', flow });
    const waiting = { ...led, state: 'waiting', queue: 'sales' };
    const ended = { ...waiting, state: 'ended', outcome: 'abandoned' };
    const placed = { ...PLACED, assistant: null };
    expect((await told(placed, [led, waiting, ended])).lines).toEqual([
      'Ringing ...',
      'Answered.',
      'Led by the flow "hours".',
      'In the queue "sales".',
      'The call has ended: abandoned.',
    ]);
  });

  it.each([
    ['busy', {}, 'Busy.'],
    ['no_answer', {}, 'No answer.'],
    ['rejected', {}, 'Declined.'],
    ['machine', {}, 'A machine answered.'],
    [
      'refused',
      { status: 402, detail: 'The account has no credit.' },
      'refused the call (402): The account has no',
    ],
    ['failed', { detail: 'lost' }, 'The call failed: lost'],
  ])('says that it reached nobody: %s', async (result, more, words) => {
    const { lines, reached } = await told(PLACED, [dialed({ result, ...more }, { state: 'ended' })]);
    expect(lines.at(-1)).toContain(words);
    expect(reached).toBe(false);
  });

  it('is given up when the stack does not answer any more', async () => {
    await expect(told(PLACED, [new ApiError('gone for good')])).rejects.toThrow('gone for good');
  });

  it('is not asked for when nobody wants to wait', async () => {
    expect(await told(PLACED, [], false)).toEqual({ lines: [], reached: true });
  });
});

describe('the command', () => {
  const run = async (args: string[], env: Record<string, string> = {}) => {
    const { ended, stdout, stderr } = command('local/make-call.ts', {
      args,
      cwd: await temporaryFolder(),
      env,
    });
    return { code: await ended, stdout: stdout(), stderr: stderr() };
  };
  const TO = ['--to', '+919876543210'];

  it('says what is missing: a number, a stack', async () => {
    expect(await run([])).toMatchObject({ code: 2, stderr: expect.stringContaining('--to is missing') });
    expect(await run(TO)).toMatchObject({ code: 1, stderr: expect.stringContaining('npm start') });
  });

  it('places the call with the key of the environment, and says what the stack objects to', async () => {
    const server = createServer((request, response) => {
      const isKnown = request.headers.authorization === 'Bearer good';
      response.writeHead(isKnown ? 201 : 403, { 'content-type': 'application/json' });
      const busy = { ...dialed({ result: 'busy' }), state: 'ended', outcome: 'failed' };
      response.end(JSON.stringify(isKnown ? busy : { message: 'Forbidden' }));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = ['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
    expect(await run([...TO, ...url], { API_KEY: 'good' })).toEqual({
      code: 1,
      stdout: 'Calling +919876543210: call own-1\nBusy.\n',
      stderr: '',
    });
    const refused = await run([...TO, ...url], { API_KEY: 'bad' });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not accept the API key'),
    });
  });
});
