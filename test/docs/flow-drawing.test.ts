/** Drawings of flows: every way on, and nothing that leads nowhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drawing } from '../../docs/generate/flow-drawing.ts';

test('a node for each action, an arrow for each way on', () => {
  const drawn = drawing([
    {
      type: 'condition_datetime',
      option: {
        from: '09:00',
        to: '17:00',
        weekdays: [1, 5],
        holidays: ['12-25'],
        false_target_id: 'closed',
      },
    },
    { type: 'webhook_send', option: { uri: 'https://x.example/orders?a=1' }, on_error_target_id: 'closed' },
    { type: 'branch', option: { target_ids: { '1': 'again', '#': 'closed' } } },
    { id: 'again', type: 'goto', option: { target_id: 'closed', loop_count: 2 } },
    { id: 'closed', type: 'talk', option: { text: '<speak>We are "closed" & <p>gone</p></speak>' } },
    { type: 'hangup' },
  ]);
  expect(drawn.split('\n').map(line => line.trim())).toEqual([
    'flowchart TD',
    'start(("call")) --> n0',
    'n0{"09:00 to 17:00 in UTC, Mon Fri, no holiday?"}',
    'n0 -->|"no"| n4',
    'n0 -->|"yes"| n1',
    'n1[/"POST /orders"/]',
    'n1 -. fails .-> n4',
    'n1 --> n2',
    'n2{"voipbin.call.digits?"}',
    'n2 -->|"1"| n3',
    'n2 -->|"#35;"| n4',
    'n2 -->|"else"| n3',
    'n3["goto"]',
    'n3 -->|"2 times"| n4',
    'n3 -->|"then"| n4',
    'n4["“We are #quot;closed#quot; & gone”"]',
    'n4 --> n5',
    'n5(["hangs up"])',
  ]);
});

const folders = ['../flow/seed/', '../../examples/flows/'];
const flows = folders.flatMap(folder =>
  readdirSync(new URL(folder, import.meta.url))
    .filter(file => file.endsWith('.json'))
    .map(file => folder + file),
);

test.each(flows)('%s: every arrow ends at a node', file => {
  const { actions } = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
  const lines = drawing(actions).split('\n');
  const nodes = new Set(lines.flatMap(line => /^\s+(n[\d_]+)[[({]/.exec(line)?.[1] ?? []));
  const ends = lines.flatMap(line => /(?:-->|-\.->|\|) (n[\w]+)$/.exec(line)?.[1] ?? []);
  expect(ends.length).toBeGreaterThanOrEqual(1);
  expect(ends.filter(end => !nodes.has(end))).toEqual([]);
});
