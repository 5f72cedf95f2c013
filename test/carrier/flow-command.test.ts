import { describe, expect, it } from 'vitest';
import { withOptions } from '../../carrier/flow/command.ts';
import { listExamples, readExample, readFlow } from '../../carrier/flow/example.ts';
import { readFlowOptions } from '../../carrier/flow/options.ts';
import { startStandIn } from '../../carrier/flow/stand-in.ts';
import { UsageError } from '../../carrier/usage-error.ts';

describe('the command line of --flow', () => {
  it('reads its options', () => {
    const args = ['--flow', 'callback', '--pressing', '2,#', '--speed=20', '--xml'];
    expect(readFlowOptions(args)).toEqual({
      help: false,
      xml: true,
      name: 'callback',
      pressing: ['2', '#'],
      speed: 20,
    });
  });

  it.each([
    [['--flow'], '--flow needs a value.'],
    [['--flow', 'x', '--speed', 'fast'], '--speed is "fast" but must be a number above 0'],
    [['--flow', 'x', '--pressing', '1,b'], '--pressing is "1,b" but must be keys'],
    [['--flow', 'x', '--digits', '1'], '"--digits" is not an option of --flow.'],
  ])('says what is wrong with %j', (args, words) => {
    expect(() => readFlowOptions(args)).toThrow(UsageError);
    expect(() => readFlowOptions(args)).toThrow(words);
  });

  it('knows its examples, and says where to find them', () => {
    expect(listExamples().every(({ about }) => about.length > 20)).toBe(true);
    expect(() => readExample('party')).toThrow('There is no example "party"');
  });
});

describe('an example', () => {
  it('with keys of the user’s own is one call, of which nothing is expected', () => {
    const options = { help: false, xml: false, name: 'callback', pressing: ['2', '#'] };
    const { calls, moments } = withOptions(readExample('callback'), options);
    expect(moments).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      callers: [
        {
          presses: [
            { digits: '2', times: 1 },
            { digits: '#', times: 2 },
          ],
        },
      ],
      expect: {},
      sent: [],
      speed: 1,
    });
  });

  it('keeps its own speed where somebody speaks', () => {
    const { calls } = withOptions(readExample('intent-routing'), {
      help: false,
      xml: false,
      name: '',
      speed: 50,
    });
    expect(new Set(calls.map(({ speed }) => speed))).toEqual(new Set([1]));
  });

  it('calls the stand-in in the place of your own systems', () => {
    const flow = JSON.stringify(readFlow('customer-lookup', 'http://127.0.0.1:8043'));
    expect(flow).toContain('http://127.0.0.1:8043/customers');
    expect(flow).not.toContain('systems.example.com');
  });
});

it('the stand-in answers by what it is asked, and tells of it', async () => {
  const told: unknown[] = [];
  const answers = [
    { to: 'POST /customers', having: '42', status: 200, answers: { tier: 'gold' } },
    { to: 'POST /customers', having: '', status: 503, answers: undefined },
  ];
  const { url, stop } = await startStandIn(answers, 0, received => told.push(received));
  const ask = (path: string, body: string) => fetch(url + path, { method: 'POST', body });
  try {
    expect(await (await ask('/customers', '{"phone":"42"}')).json()).toEqual({ tier: 'gold' });
    expect((await ask('/customers', '{"phone":"43"}')).status).toBe(503);
    expect((await ask('/elsewhere', '')).status).toBe(200);
    await expect(startStandIn([], Number(new URL(url).port), () => undefined)).rejects.toThrow('is taken');
    expect(told).toMatchObject([
      { to: 'POST /customers', status: 200, signed: false },
      { status: 503 },
      { to: 'POST /elsewhere' },
    ]);
  } finally {
    await stop();
  }
});
