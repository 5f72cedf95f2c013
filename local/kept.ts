/**
 * What earlier runs left, asked of the App API right after the start. The questions wake one instance of each
 * function that a first request needs, so that neither the first curl nor the first caller waits for code to load.
 */
import type { Host } from './host.ts';

export interface Kept {
  agents: number;
  /** Of the last 24 hours. */
  calls: number;
  /** There are more calls than these. */
  moreCalls: boolean;
}

const MOST_CALLS = 200;

/** Undefined when the API does not say; what its functions object to is in the log and on the terminal then. */
export async function askWhatWasKept(host: Host): Promise<Kept | undefined> {
  const headers = { authorization: `Bearer ${host.secret('API_KEY')}` };
  const [agents, calls] = await Promise.all([
    fetch(`${host.url}/agents?state=all`, { headers }),
    fetch(`${host.url}/calls?limit=${MOST_CALLS}`, { headers }),
    fetch(host.url), // found nowhere, therefore answered by the function of the webhooks
  ]);
  if (!agents.ok || !calls.ok) return undefined;
  const listed = (await agents.json()) as { agents: unknown[] };
  const page = (await calls.json()) as { calls: unknown[]; next: string | null };
  return { agents: listed.agents.length, calls: page.calls.length, moreCalls: page.next !== null };
}

/** `3 agents, 12 calls in the last 24 hours` */
export function describeKept({ agents, calls, moreCalls }: Kept): string {
  if (agents === 0 && calls === 0) return 'nothing yet';
  const plural = (count: number, noun: string) => `${count || 'no'} ${noun}${count === 1 ? '' : 's'}`;
  return `${plural(agents, 'agent')}, ${moreCalls ? 'more than ' : ''}${plural(calls, 'call')} in the last 24 hours`;
}
