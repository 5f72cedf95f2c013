/** The agents of the stack, through its App API: who is there, and who shall be there while a scenario runs. */
import type { Stack } from './stack.ts';

export interface RosterAgent {
  number: string;
  name: string;
}

type Listed = RosterAgent & { state: string };

/** Numbers of the agents who can be rung now. */
export async function availableAgents(stack: Stack): Promise<string[]> {
  const agents = await request<Listed[] | { agents: Listed[] }>(stack, 'GET', '/agents');
  return (Array.isArray(agents) ? agents : agents.agents).map(({ number }) => number);
}

/** Makes exactly `wanted` available; the returned function puts everything back as it was. */
export async function borrowRoster(stack: Stack, wanted: RosterAgent[]): Promise<() => Promise<void>> {
  const before = await availableAgents(stack);
  const others = before.filter(number => !wanted.some(agent => agent.number === number));
  const away = { state: 'away', reason: 'npm run call plays a scenario' };
  for (const number of others) await request(stack, 'PATCH', pathOf(number), away);
  for (const agent of wanted) await request(stack, 'POST', '/agents', agent);
  return async () => {
    for (const { number } of wanted) {
      if (!before.includes(number)) await request(stack, 'DELETE', pathOf(number));
    }
    for (const number of others) await request(stack, 'PATCH', pathOf(number), { state: 'available' });
  };
}

const pathOf = (number: string) => `/agents/${encodeURIComponent(number)}`;

async function request<T>(stack: Stack, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}
