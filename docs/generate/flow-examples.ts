/** The examples of `examples/flows`, each drawn from its JSON. */
import { readFileSync } from 'node:fs';
import { listExamples, readExample } from '../../carrier/flow/example.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { drawing } from './flow-drawing.ts';

export const flowExamples = (): string =>
  `${INTRODUCTION}${listExamples()
    .map(({ name }) => chapter(name))
    .join('')}`;

const INTRODUCTION = `# Flows to start from

Written by \`npm run docs\` from \`examples/flows\`. Each is a flow as the App API takes it (\`PUT /flows/<id>\`), with
\`https://systems.example.com\` in place of your own systems. To see one at work, with every branch:

    npm run call -- --flow business-hours

A rhombus decides, a double frame is a place where the caller is with somebody else, a slanted one reaches beyond the call.
`;

function chapter(name: string): string {
  const { about, flows, calls, moments } = readExample(name);
  const shown = [...moments.map(one => one.about), ...calls.map(call => call.about)];
  const drawn = [draw(name, about), ...flows.map(flow => draw(flow))];
  return `
## ${name}

${drawn.join('\n\n')}

Shown: ${shown.map(text => text.replace(/\.$/, '')).join(' · ')}.
`;
}

/** @param about what it is for; else its own words say so */
function draw(name: string, about?: string): string {
  const url = new URL(`../../examples/flows/${name}.json`, import.meta.url);
  const { detail, actions } = JSON.parse(readFileSync(url, 'utf8')) as { detail: string; actions: Action[] };
  return `[\`${name}.json\`](../examples/flows/${name}.json) ${about ?? detail}\n\n\`\`\`mermaid\n${drawing(actions)}\n\`\`\``;
}
