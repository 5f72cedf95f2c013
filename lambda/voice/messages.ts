/**
 * What the model is told: the instructions, then the conversation as it was heard. Valid for the chat API whatever
 * happened: each tool call is followed by its result at once, be it only that there is none yet.
 */
import type { Assistant } from './assistant.ts';
import type { Conversation, Entry, Message, ToolCallMessage, ToolEntry } from './conversation.ts';
import { parseArguments } from './tools.ts';
import { fill } from './wording.ts';

const GO_ON = 'The line was interrupted while you spoke. Go on from there; do not repeat what was said.';
const RUNNING = 'still running; its result is not known yet';

/** @param now epoch ms, for the model to know the date */
export function messages(conversation: Conversation, settings: Assistant, now: number): Message[] {
  const { entries, reply } = conversation;
  const told: Message[] = [{ role: 'system', content: instructions(conversation, settings, now) }];
  let previous: Entry | undefined;
  for (const entry of entries) {
    if (entry.who === 'caller') say(told, 'user', entry.text);
    else if (entry.who === 'tool') call(told, entry, previous);
    // Of a reply under way, all that is on its way counts, lest the model says it again after a tool.
    else say(told, 'assistant', entry.turn === reply?.turn ? entry.text : entry.heard);
    previous = entry;
  }
  if (told.at(-1)?.role === 'assistant') told.push({ role: 'system', content: GO_ON });
  return told;
}

/** The date stays that of the beginning, so that a provider can keep what it has read. */
function instructions(conversation: Conversation, settings: Assistant, now: number): string {
  const began = new Date(conversation.began_at ?? now).toISOString();
  return `${fill(settings.prompt, conversation)}\n\nThis call began on ${began.slice(0, 10)} at ${began.slice(11, 16)} UTC.`;
}

/** What one side says in a row is one message. */
function say(told: Message[], role: 'user' | 'assistant', text: string): void {
  if (text === '') return;
  const last = told.at(-1);
  if (last?.role !== role || 'tool_calls' in last) told.push({ role, content: text });
  else last.content = `${last.content} ${text}`;
}

/** Calls of the same request stand in one message, with the words that led to them. */
function call(told: Message[], entry: ToolEntry, previous: Entry | undefined): void {
  const made = asCall(entry);
  const last = told.at(-1);
  const sibling =
    previous?.who === 'tool' && previous.turn === entry.turn && previous.request === entry.request;
  const caller = told.findLast(message => message.role === 'assistant');
  if (sibling && caller?.role === 'assistant' && caller.tool_calls) caller.tool_calls.push(made);
  else if (last?.role === 'assistant' && !last.tool_calls && previous?.who === 'assistant')
    last.tool_calls = [made];
  else told.push({ role: 'assistant', content: null, tool_calls: [made] });
  const content = entry.ended_at === undefined ? RUNNING : entry.result;
  told.push({ role: 'tool', tool_call_id: entry.id, content });
}

/** Some endpoints refuse a whole conversation for one name or argument that the model itself got wrong. */
function asCall({ id, name, arguments: text }: ToolEntry): ToolCallMessage {
  const safe = name.replace(/[^\w-]/g, '_').slice(0, 64) || 'unknown';
  return {
    id,
    type: 'function',
    function: { name: safe, arguments: parseArguments(text) ? text || '{}' : '{}' },
  };
}
