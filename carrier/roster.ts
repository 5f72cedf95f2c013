/** The agents of the stack, through its App API: who is there, and who shall be there while a scenario runs. */
import { askApi } from './api.ts';
import type { Stack } from './stack.ts';

export interface RosterAgent {
  number: string;
  name: string;
  queues?: string[] | undefined;
}

type Listed = RosterAgent & { state: string };

/** Numbers of the agents who can be rung now. */
export async function availableAgents(stack: Stack): Promise<string[]> {
  const agents = await askApi<Listed[] | { agents: Listed[] }>(stack, 'GET', '/agents');
  return (Array.isArray(agents) ? agents : agents.agents).map(({ number }) => number);
}

/** Makes exactly `wanted` available; the returned function puts everything back as it was. */
export async function borrowRoster(stack: Stack, wanted: RosterAgent[]): Promise<() => Promise<void>> {
  const before = await availableAgents(stack);
  const others = before.filter(number => !wanted.some(agent => agent.number === number));
  const away = { state: 'away', reason: 'npm run call plays a scenario' };
  for (const number of others) await askApi(stack, 'PATCH', pathOf(number), away);
  for (const agent of wanted) await askApi(stack, 'POST', '/agents', agent);
  return async () => {
    for (const { number } of wanted) {
      if (!before.includes(number)) await askApi(stack, 'DELETE', pathOf(number));
    }
    for (const number of others) await askApi(stack, 'PATCH', pathOf(number), { state: 'available' });
  };
}

const pathOf = (number: string) => `/agents/${encodeURIComponent(number)}`;
