/**
 * Tools that the model calls. Every call is entered at once and every one gets a result, so that the model is never
 * told of a call without its end; a tool with effects elsewhere is never run a second time for the same call.
 */
import { askAfterTools, awaited } from './asking.ts';
import type { Assistant } from './assistant.ts';
import type { Conversation, ConversationEvent, Entry, Reply, ToolEntry } from './conversation.ts';
import { wayOut } from './leaving.ts';
import { changeEntries, type Moment, type Timer } from './moment.ts';
import { replyOf } from './reply.ts';
import { decide } from './tools.ts';

/** How much later than its own time-out a tool's result may come. */
const GRACE_MS = 2000;
/** Letters of a result that are kept: a conversation is stored whole, and the model is told it in every turn. */
const LONGEST_RESULT = 2000;
const CUT = ' … (the rest was cut off)';
const NO_ANSWER = 'error: the tool did not answer in time';

type Of<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;

export function toolCall(moment: Moment, event: Of<'tool_call'>): void {
  const { talk, settings, now, commands } = moment;
  const { turn, id, name, arguments: given } = event;
  const reply = replyOf(moment, turn);
  if (!reply?.open || isKnown(talk.entries, event, reply)) return;
  reply.progress_at = now;
  reply.called += 1;
  talk.failures = 0;
  const entry = { who: 'tool', turn, request: reply.requests, at: now, id, name, arguments: given } as const;
  const decision = decide(name, given, settings, talk);
  if (decision.do === 'run') {
    talk.entries.push({ ...entry, result: '' });
    // Stored first: a successor must know that it was called.
    commands.push({ do: 'persist' }, { do: 'run_tool', turn, id, name, arguments: given });
    return;
  }
  talk.entries.push({ ...entry, ended_at: now, result: decision.result });
  if (decision.do === 'answer') learn(talk, decision.variables);
  else if (!talk.departure) {
    talk.departure = wayOut(talk, decision.departure);
    talk.phase = 'leaving';
  }
}

/** A result is entered also when the caller has interrupted meanwhile; then the model learns it in the next turn. */
export function toolDone(moment: Moment, { turn, id, result, variables }: Of<'tool_done'>): void {
  const { talk } = moment;
  const call = awaited(talk.entries).find(one => one.turn === turn && one.id === id);
  if (!call || talk.phase === 'over') return;
  learn(talk, variables);
  answer(moment, call, result);
}

function learn(talk: Conversation, variables: Record<string, string> = {}): void {
  talk.variables = { ...talk.variables, ...variables };
  talk.learnt = { ...talk.learnt, ...variables };
}

/** A tool that was started and never heard of again. */
export const toolLate: Timer = {
  due: ({ phase, entries }, settings) => {
    const dues = awaited(entries).map(call => call.at + patience(call, settings));
    return phase === 'over' || dues.length === 0 ? undefined : Math.min(...dues);
  },
  act: moment => {
    const { talk, settings, now } = moment;
    const late = awaited(talk.entries).filter(call => call.at + patience(call, settings) <= now);
    for (const call of late) answer(moment, call, NO_ANSWER);
  },
};

/** Gives every tool whose answer cannot come any more this result. */
export function answerAll(moment: Moment, result: string): void {
  const calls = new Set(awaited(moment.talk.entries));
  enter(moment, calls, result);
}

function answer(moment: Moment, call: ToolEntry, result: string): void {
  const { talk, now, commands } = moment;
  enter(moment, new Set([call]), result);
  const reply = replyOf(moment, call.turn);
  if (reply) reply.latency.tools_ms = (reply.latency.tools_ms ?? 0) + now - call.at;
  if (reply && !reply.open && talk.phase !== 'leaving') askAfterTools(moment, reply);
  commands.push({ do: 'persist' });
}

function enter(moment: Moment, calls: Set<Entry>, result: string): void {
  const { now } = moment;
  changeEntries(moment, entry =>
    entry.who === 'tool' && calls.has(entry) ? { ...entry, ended_at: now, result: shortened(result) } : entry,
  );
}

/** Says so where it was cut, which is never in the middle of a character. */
function shortened(result: string): string {
  if (result.length <= LONGEST_RESULT) return result;
  return result.slice(0, LONGEST_RESULT - CUT.length).replace(/[\uD800-\uDBFF]$/, '') + CUT;
}

/** The same call told twice; two calls of one id would make the conversation invalid. */
const isKnown = (entries: Entry[], { turn, id }: Of<'tool_call'>, { requests }: Reply) =>
  entries.some(
    entry => entry.who === 'tool' && entry.turn === turn && entry.request === requests && entry.id === id,
  );

const patience = ({ name }: ToolEntry, { http_tools }: Assistant) =>
  GRACE_MS + (http_tools.find(tool => tool.name === name)?.timeout_ms ?? 0);
