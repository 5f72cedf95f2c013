/** The conversation that the assistant's command holds by itself, and what must be true of it afterwards. */
import type { Say } from '../voice/says.ts';
import type { CallRecord } from './record.ts';

const INTERRUPTION = 'Wait, that is enough. Do you sell bread?';

export const DEMO: Say[] = [
  { text: 'Hello, what are your opening hours?', quiet: 0.7 },
  { text: 'Please tell me a story.', quiet: 0.7 },
  { text: INTERRUPTION, interrupts: 3 },
  { text: 'Thank you. I would like to talk to a person.', quiet: 0.7 },
];

/** The call ends by then, whatever happens. */
export const DEMO_SECS = 120;
/** How long the agent talks. */
export const AGENT_TALKS_SECS = 4;

/** What is missing, in words; empty when all of it happened. */
export function missingFrom(record: CallRecord): string[] {
  const transcript = record.transcript ?? [];
  const caller = transcript.filter(({ who }) => who === 'caller');
  const replies = transcript.filter(({ who }) => who === 'assistant');
  const cut = replies.find(({ interrupted }) => interrupted);
  const missing: string[] = [];
  if (caller.length < DEMO.length)
    missing.push(`The record holds ${caller.length} of ${DEMO.length} things said.`);
  if (!cut) missing.push('No reply was interrupted.');
  else if (!cut.heard || !cut.text || cut.heard.length >= cut.text.length)
    missing.push('The record does not tell how much of the interrupted reply was heard.');
  if (!replies.some(({ latency }) => latency?.total_ms !== undefined))
    missing.push('The record holds no latencies.');
  if (record.outcome !== 'connected') missing.push(`The outcome is ${record.outcome}, not connected.`);
  return missing;
}
