/** The record of a call as the App API gives it, and how it is told. */
import { findInApi } from '../api.ts';
import { colours as pc } from '../colours.ts';
import type { Stack } from '../stack.ts';

export interface CallRecord {
  call_id: string;
  state: string;
  outcome: string | null;
  agent: string | null;
  transcript?: TranscriptEntry[] | null;
  usage?: Record<string, number> | null;
  flow?: {
    path: { flow: string | null; action: string; type: string; result: string | null }[];
  } | null;
}

export interface TranscriptEntry {
  who: 'caller' | 'assistant' | 'tool';
  at: string;
  text?: string;
  heard?: string;
  interrupted?: boolean;
  name?: string;
  latency?: {
    total_ms?: number;
    endpointing_ms?: number;
    first_token_ms?: number;
    first_byte_ms?: number;
  } | null;
}

const PATIENCE_MS = 5_000;
const POLL_MS = 100;

/** The record once it says that the call has ended; as it is when it does not say so in time. */
export async function recordOf(stack: Stack, call: string): Promise<CallRecord | undefined> {
  const path = `/calls/${encodeURIComponent(call)}`;
  for (const until = Date.now() + PATIENCE_MS; ; ) {
    const record = await findInApi<CallRecord>(stack, path);
    if (record?.state === 'ended' || Date.now() > until) return record;
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
}

export function tellRecord({ call_id, outcome, agent, transcript, usage }: CallRecord): string {
  const lines = (transcript ?? []).map(tellEntry);
  const figures = Object.entries(usage ?? {}).map(([name, value]) => `${name} ${value}`);
  return [
    `\n${pc.bold(`Call record ${call_id}`)}: ${outcome}${agent ? ` with ${agent}` : ''}`,
    ...lines,
    ...(figures.length > 0 ? [pc.dim(`usage      ${figures.join(', ')}`)] : []),
  ].join('\n');
}

function tellEntry({ who, text = '', heard, interrupted, name, latency }: TranscriptEntry): string {
  const label = {
    caller: pc.cyan('caller   '),
    assistant: pc.green('assistant'),
    tool: pc.magenta('tool     '),
  }[who];
  if (who === 'tool') return `${label}  ${name}`;
  const said = interrupted ? `${heard} ${pc.dim('... interrupted')}` : (heard ?? text);
  const figures = Object.entries(latency ?? {}).map(
    ([stage, ms]) => `${stage.replace('_ms', '')} ${Math.round(ms)} ms`,
  );
  return `${label}  ${said}${figures.length > 0 ? `\n           ${pc.dim(figures.join(', '))}` : ''}`;
}
