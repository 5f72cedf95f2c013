/** How the deployment of one run is set up: two queues that share agents, and settings that shorten every story. */
import fc from 'fast-check';
import { STRATEGIES } from '../../lambda/queue/queue.ts';
import type { QueueChoices } from '../../lambda/store/directory.ts';
import type { Item } from '../../lambda/store/table.ts';

export const AGENTS = ['+918800000001', '+918800000002', '+918800000003'] as const;
export const LINES = ['+911140000001', '+911140000002'] as const;
export const SERVED: string[][] = [['default'], ['sales'], ['default', 'sales']];
export const LEAVE_KEY = '9';

export interface Setup {
  settings: Record<string, string>;
  queues: QueueChoices[];
  /** Who is registered when the story begins. */
  staff: { agent: string; queues: string[] }[];
}

const choices = (id: string): fc.Arbitrary<QueueChoices> =>
  fc.record({
    id: fc.constant(id),
    strategy: fc.constantFrom(...STRATEGIES),
    wrap_up_secs: fc.constantFrom(0, 30),
    missed_limit: fc.constantFrom(0, 2),
    max_waiting: fc.constantFrom(0, 2),
    on_full: fc.constantFrom('voicemail', 'turn_away'),
    when_nobody: fc.constantFrom('hold', 'voicemail'),
    leave_key: fc.constantFrom('', LEAVE_KEY),
    leave_to: fc.constantFrom('voicemail', 'callback'),
    callback_order: fc.constantFrom('agent_first', 'caller_first'),
    callback_attempts: fc.constantFrom(1, 2),
    callback_retry_secs: fc.constant(30),
    callback_expires_secs: fc.constant(300),
    voicemail: fc.boolean(),
    ring_all_limit: fc.constantFrom(2, 10),
    priority: fc.constantFrom(0, 0, 5),
  });

export const setups: fc.Arbitrary<Setup> = fc.record({
  settings: fc.record({
    FROM_NUMBER: fc.constant('+911140000000'),
    AGENT_NUMBER: fc.constantFrom('', '', '+918800000099'),
    HOLD_WAIT_SECS: fc.constant('20'),
    MAX_WAIT_CYCLES: fc.constantFrom('2', '4'),
    RING_TIMEOUT_SECS: fc.constant('15'),
  }),
  queues: fc.tuple(choices('default'), choices('sales')),
  staff: fc.uniqueArray(
    fc.record({ agent: fc.constantFrom(...AGENTS), queues: fc.constantFrom(...SERVED) }),
    { maxLength: 3, size: 'max', selector: ({ agent }) => agent },
  ),
});

/** The items that the App API would have written. */
export function itemsOf({ queues }: Setup): Item[] {
  return [
    ...queues.map(queue => ({ ...queue, pk: 'QUEUE', sk: queue.id })),
    { pk: 'NUMBER', sk: LINES[1], number: LINES[1], queue: 'sales' },
  ];
}
