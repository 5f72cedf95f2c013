/** A call record as it changes, in words for the terminal. */

/** What `GET /calls/{id}` says of it, as far as it is told here. */
export interface CallRecord {
  call_id: string;
  state: string;
  outcome: string | null;
  assistant: string | null;
  queue: string | null;
  /** The flow that leads it; its id is null where its actions came with the call. */
  flow: { flow: string | null } | null;
  agent: string | null;
  dial: {
    result: string | null;
    ringing_at: string | null;
    answered_at: string | null;
    status: number | null;
    detail: string | null;
  } | null;
}

/** What is new since `before`, a line for each. */
export function news(before: CallRecord | undefined, after: CallRecord): string[] {
  const { dial, state, assistant, flow, queue, agent } = after;
  const begins = (now: boolean, was: boolean | undefined) => now && !was;
  const lines: string[] = [];
  if (begins(Boolean(dial?.ringing_at), Boolean(before?.dial?.ringing_at))) lines.push('Ringing ...');
  if (begins(Boolean(dial?.answered_at), Boolean(before?.dial?.answered_at))) lines.push('Answered.');
  if (begins(flow != null, before?.flow != null)) lines.push(`Led by the flow "${flow?.flow}".`);
  if (begins(state === 'assisted', before?.state === 'assisted'))
    lines.push(`Speaking with the assistant "${assistant}".`);
  if (begins(queue !== null, Boolean(before?.queue))) lines.push(`In the queue "${queue}".`);
  if (begins(agent !== null, Boolean(before?.agent))) lines.push(`Connected to the agent ${agent}.`);
  if (begins(state === 'ended', before?.state === 'ended')) lines.push(ending(after));
  return lines;
}

/** A person has answered, whatever came of it. */
export const isReached = ({ dial }: CallRecord): boolean => dial?.result === 'answered';

const REASONS: Readonly<Record<string, string>> = {
  busy: 'Busy.',
  no_answer: 'No answer.',
  rejected: 'Declined.',
  machine: 'A machine answered.',
  failed: 'The call failed',
};

function ending({ dial, outcome }: CallRecord): string {
  const { result, status, detail } = dial ?? {};
  if (!dial || result === 'answered') return `The call has ended: ${outcome}.`;
  const why = detail ? `: ${detail}` : '.';
  if (result === 'refused') return `The carrier refused the call${status ? ` (${status})` : ''}${why}`;
  return result === 'failed' ? `${REASONS.failed}${why}` : (REASONS[result ?? ''] ?? `Ended: ${outcome}.`);
}
