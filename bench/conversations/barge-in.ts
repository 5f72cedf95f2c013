/** A caller interrupts a long reply: from the first word that the transcriber tells of to `clearAudio`. */

import type { Desk } from '../../test/session/desk.ts';
import { atDesk } from '../../test/session/desk.ts';
import { heard } from '../../test/support/heard.ts';
import { percentile, print } from '../report.ts';
import { type Caller, delays, gather, type Part, postedTo, transcriptsOf } from './callers.ts';

const CALLERS = 3;
const INTERRUPTIONS = 5;
const BUDGET_MS = 60;

const STORY =
  'Once there was a small telephone exchange by the sea. It had one operator, and her name was Ada.';

const interrupting: Part = name => [
  ...Array.from({ length: INTERRUPTIONS }, () => [
    { text: `${name} for a story` },
    { text: 'please stop there', interrupts: 1 },
  ]).flat(),
  { hangsUp: true },
];

export async function benchBargeIn(): Promise<void> {
  let samples: number[] = [];
  const rules = [
    { when: 'story', say: STORY, persistent: true },
    { say: 'Yes.', persistent: true },
  ] as const;
  await heard(
    atDesk({ script: { rules: [...rules] } }, async desk => {
      const callers = await gather(CALLERS, interrupting, desk.call);
      await Promise.all(callers.map(({ done }) => done));
      samples = (await Promise.all(callers.map(caller => reactions(desk, caller)))).flat();
    }),
  );
  const figure = (p: number) => ({
    what: `first word → clearAudio, p${p}`,
    value: percentile(samples, p / 100),
    unit: 'ms',
    against: { name: 'budget of p50', value: BUDGET_MS },
  });
  print(`Barge-in, in process, ${CALLERS} conversations, ${samples.length} interruptions`, [
    figure(50),
    figure(95),
  ]);
}

async function reactions(desk: Desk, caller: Caller): Promise<number[]> {
  const { interims, finals } = transcriptsOf(desk.doubles.requests, caller);
  const words = [...interims, ...finals].sort((a, b) => a.at - b.at);
  const signs = words.filter(({ text }, index) => isStop(text) && !isStop(words[index - 1]?.text));
  return delays(signs, await postedTo(desk, caller, 'clearAudio'));
}

const isStop = (text = '') => text.startsWith('please');
