/** The flows of `examples/flows`, shown as `npm run call -- --flow` shows them, and saved as they are. */
import '../support/quiet.ts';
import { expect, it } from 'vitest';
import { showOn, withOptions } from '../../carrier/flow/command.ts';
import {
  type Example,
  idOf,
  listExamples,
  readExample,
  readFlow,
  SYSTEMS,
} from '../../carrier/flow/example.ts';
import { LINE } from '../../carrier/flow/prepare.ts';
import { startStandIn } from '../../carrier/flow/stand-in.ts';
import { interruption } from '../../carrier/interruption.ts';
import { problemsOf } from '../../lambda/flow/validate.ts';
import { type FlowStage, openFlowStage } from '../support/flow-stage.ts';

const names = listExamples().map(({ name }) => name);
/** Where people speak it takes its time, and the published patterns of the kind are played elsewhere. */
const isSpoken = (name: string) => readExample(name).calls.some(({ speed }) => speed !== undefined);

it('there is one for each pattern', () => {
  expect(names).toHaveLength(10);
});

it.each(names)('%s can be saved as it is', name => {
  for (const one of [name, ...readExample(name).flows])
    expect(problemsOf(readFlow(one, SYSTEMS))).toEqual([]);
});

/** Shows it on a stack of its own, on which it leaves nothing. @param seen is told of each line */
async function show(example: Example, signal?: AbortSignal, seen: (line: string) => void = () => undefined) {
  const standIn = await startStandIn(example.systems, 0, () => undefined);
  const stage = await openFlowStage({ sends: true, settings: { HTTP_ALLOW_HOSTS: standIn.host } });
  const lines: string[] = [];
  const print = (line: string) => {
    lines.push(line);
    seen(line);
  };
  const progress = { print, stop: () => undefined };
  try {
    const until = signal ?? new AbortController().signal;
    const code = await showOn(stage.stack, example, standIn, false, progress, until);
    await nothingLeft(stage, example);
    return { code, printed: lines.join('\n') };
  } finally {
    await stage.close();
    await standIn.stop();
  }
}

async function nothingLeft(stage: FlowStage, { name, queues }: Example): Promise<void> {
  expect((await stage.api('GET', `/flows/${idOf(name)}`)).status).toBe(404);
  expect((await stage.api('GET', '/numbers')).body.numbers).toEqual([]);
  expect((await stage.api('GET', '/callbacks')).body.callbacks).toEqual([]);
  const listed: { id: string }[] = (await stage.api('GET', '/queues')).body.queues;
  expect(listed.filter(({ id }) => id in queues)).toEqual([]);
}

it.each(names.filter(name => !isSpoken(name)))('%s goes as it says', async name => {
  const example = withOptions(readExample(name), { help: false, xml: false, name, speed: 100 });
  const { code, printed } = await show(example);
  expect(code, printed).toBe(0);
  expect(printed).not.toContain('warning');
});

it('a callback that nobody is there to make is cancelled afterwards', async () => {
  const options = { help: false, xml: false, name: 'callback', speed: 100, pressing: ['2', '#'] };
  const example = withOptions(readExample('callback'), options);
  const alone = { ...example, calls: example.calls.map(call => ({ ...call, agents: [] })) };
  const { code, printed } = await show(alone);
  expect(code, printed).toBe(0);
  expect(printed).toContain('request (requested)');
});

it('what is interrupted is cleared away all the same, and a second Ctrl-C does not end that', async () => {
  const before = process.listeners('SIGINT');
  const signal = interruption();
  const added = process.listeners('SIGINT').filter(listener => !before.includes(listener));
  const example = withOptions(readExample('survey'), { help: false, xml: false, name: 'survey', speed: 100 });
  try {
    const { code } = await show(example, signal, line => {
      if (line.includes(`calls ${LINE}`)) process.emit('SIGINT');
    });
    expect(signal.aborted).toBe(true);
    expect(process.listeners('SIGINT')).toEqual(expect.arrayContaining(added));
    expect(code).toBe(1);
  } finally {
    for (const listener of added) process.removeListener('SIGINT', listener);
  }
});
