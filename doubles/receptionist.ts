/** What the chat double answers when nobody has scripted anything: a small receptionist, by rules. */
import type { Rule } from './script.ts';

export interface Tool {
  name: string;
  parameters: { properties?: Record<string, { type?: string; enum?: string[] }>; required?: string[] };
}

const STORY =
  'Once there was a small telephone exchange by the sea. It had one operator, and her name was Ada. ' +
  'Every morning she plugged in the first cord at six. The fishermen called to ask about the wind. ' +
  'The baker called to say that the bread was late. One night a storm took every line but one. ' +
  'Ada kept that line open until the sun came up. And all of the boats came home.';

/** @param text what the caller said, or a tool's result if `fromTool` */
export function receptionist(text: string, fromTool: boolean, tools: Tool[]): Rule {
  const call = (name: string, say: string, given = {}): Rule => {
    const tool = tools.find(one => one.name === name);
    return tool ? { say, call: [{ name, arguments: { ...argumentsFor(tool, text), ...given } }] } : { say };
  };
  if (fromTool) return { say: 'Done. Is there anything else?' };
  const outcome = outcomeFor(text, tools);
  if (outcome !== undefined) return call('finish', 'All right.', { outcome });
  if (/\b(person|human|agent|someone|somebody|operator)\b/i.test(text))
    return call('transfer_to_queue', 'I will connect you with a colleague.');
  if (GOODBYE.test(text)) return call('end_call', 'Thank you for calling. Goodbye.');
  if (/\b(story|explain)\b/i.test(text)) return { say: STORY };
  if (/\b(open|opening|hours|close|closed)\b/i.test(text))
    return { say: 'We are open from nine to five, Monday to Friday.' };
  if (/\b(hello|hi|hey|good (morning|afternoon|evening))\b/i.test(text))
    return { say: 'Hello! What can I do for you?' };
  return text ? { say: `You said: ${text.replace(/[.?!]+$/, '')}.` } : { say: 'How can I help you?' };
}

const GOODBYE = /\b(bye|goodbye)\b|that'?s all/i;
const DONE = /resolved|done|complete|solved|satisfied|goodbye|^ok$/i;

/** Where outcomes are on offer: the one that the caller mentions, at a goodbye one that sounds like an end. */
function outcomeFor(text: string, tools: Tool[]): string | undefined {
  const finish = tools.find(one => one.name === 'finish');
  const outcomes = finish?.parameters.properties?.outcome?.enum ?? [];
  const said = stems(text);
  const meant = outcomes.find(outcome => stems(outcome).some(stem => said.includes(stem)));
  if (meant !== undefined || !GOODBYE.test(text)) return meant;
  return outcomes.find(outcome => DONE.test(outcome)) ?? outcomes.at(-1);
}

/** Beginnings of the longer words, so that a bill is about billing. */
const stems = (text: string): string[] =>
  (text.toLowerCase().match(/[a-z]{4,}/g) ?? []).map(word => word.slice(0, 4));

/** Something valid for whatever the tool's schema demands, and a reason where it takes one. */
function argumentsFor(tool: Tool, text: string): Record<string, unknown> {
  const { properties = {}, required = [] } = tool.parameters;
  const names = new Set([...required, ...Object.keys(properties).filter(name => name === 'reason')]);
  return Object.fromEntries([...names].map(name => [name, valueFor(properties[name], text)]));
}

function valueFor(schema: { type?: string; enum?: string[] } | undefined, text: string): unknown {
  if (schema?.enum) return schema.enum[0];
  if (schema?.type === 'object') return {};
  if (schema?.type === 'array') return [];
  if (schema?.type === 'number' || schema?.type === 'integer') return 1;
  return schema?.type === 'boolean' ? true : text;
}
