/** The published patterns, as they stand, and how their calls end. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Flow } from '../../lambda/flow/flow.ts';
import type { Line } from './line.ts';

export const seed = (name: string, id = name): Flow => ({
  ...JSON.parse(readFileSync(new URL(`./seed/${name}.json`, import.meta.url), 'utf8')),
  id,
  version: 1,
});

/** To the end of the call, from the flow's own `hangup`. */
export function ends(line: Line): void {
  expect(line.waits).toBe('hung_up');
  expect(line.verbs.at(-1)).toEqual({ verb: 'hangup' });
  line.tell({ type: 'hung_up' });
  expect(line.waits).toBeUndefined();
  expect(line.state.outcome).toBe('completed');
}

export function joins(line: Line, queue: string): void {
  expect(line.waits).toBe('queue_left');
  expect(line.effect('join_queue')).toMatchObject({ queue });
  ends(line.tell({ type: 'queue_left', result: 'connected' }));
}
