/** The flows of `examples/flows`, shown as `npm run call -- --flow` shows them, and saved as they are. */
import '../support/quiet.ts';
import { expect, it } from 'vitest';
import { showOn, withOptions } from '../../carrier/flow/command.ts';
import { idOf, listExamples, readExample, readFlow, SYSTEMS } from '../../carrier/flow/example.ts';
import { startStandIn } from '../../carrier/flow/stand-in.ts';
import { problemsOf } from '../../lambda/flow/validate.ts';
import { openFlowStage } from '../support/flow-stage.ts';

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

it.each(
  names.filter(name => !isSpoken(name)),
)('%s goes as it says, and leaves nothing behind', async name => {
  const example = withOptions(readExample(name), { help: false, xml: false, name, speed: 100 });
  const standIn = await startStandIn(example.systems, 0, () => undefined);
  const stage = await openFlowStage({ sends: true, settings: { HTTP_ALLOW_HOSTS: standIn.host } });
  const printed: string[] = [];
  const progress = { print: (text: string) => void printed.push(text), stop: () => undefined };
  try {
    const code = await showOn(stage.stack, example, standIn, false, progress, new AbortController().signal);
    expect(code, printed.join('\n')).toBe(0);
    expect(printed.join('\n')).not.toContain('warning');
    expect((await stage.api('GET', `/flows/${idOf(name)}`)).status).toBe(404);
    expect((await stage.api('GET', '/numbers')).body.numbers).toEqual([]);
    expect(
      (await stage.api('GET', '/queues')).body.queues.filter(
        ({ id }: { id: string }) => id in example.queues,
      ),
    ).toEqual([]);
  } finally {
    await stage.close();
    await standIn.stop();
  }
});
