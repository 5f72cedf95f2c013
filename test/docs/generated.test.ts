/** The pages that a program writes are up to date. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGES } from '../../docs/generate/pages.ts';
import { ACTIONS } from '../../lambda/flow/registry.ts';

const onDisk = (file: string) => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');

test.each(Object.keys(PAGES))('docs/%s is what `npm run docs` writes', file => {
  expect(onDisk(file)).toBe(PAGES[file]?.());
});

test('every action has its row', () => {
  const rows = onDisk('flow-actions.md').match(/^\| `\w+` \|/gm) ?? [];
  expect(rows.sort()).toEqual(ACTIONS.map(({ type }) => `| \`${type}\` |`).sort());
});
