/**
 * The tools that the model may call. The built-in ones are decided here; a tool behind an address is run by the
 * session. Whatever the model writes gets an answer that it can use.
 */
import type { Assistant, BuiltInTool } from './assistant.ts';
import type { Conversation, Departure } from './conversation.ts';
import { chosenOf, FINISH, finishTool } from './outcomes.ts';
import type { ToolDeclaration } from './providers/provider.ts';

export type Decision =
  | { do: 'answer'; result: string; variables?: Record<string, string> }
  | { do: 'leave'; result: string; departure: Departure }
  | { do: 'run' };

type Arguments = Record<string, unknown>;

interface BuiltIn {
  declaration: ToolDeclaration;
  decide(given: Arguments, settings: Assistant): Decision;
}

const BUILT_IN: Record<BuiltInTool, BuiltIn> = {
  transfer_to_queue: {
    declaration: {
      name: 'transfer_to_queue',
      description: 'Connect the caller to a person. Use it when the caller asks for one or you cannot help.',
      parameters: {
        type: 'object',
        properties: {
          queue: { type: 'string', description: 'Which queue; leave out for the usual one.' },
          reason: {
            type: 'string',
            description: 'What the caller wants, in one sentence, for the colleague.',
          },
          priority: { type: 'integer', minimum: 0, maximum: 10, description: 'Higher is served sooner.' },
        },
      },
    },
    decide: transfer,
  },
  end_call: {
    declaration: {
      name: 'end_call',
      description: 'End the call. Use it when the caller is done, after saying goodbye.',
      parameters: { type: 'object', properties: {} },
    },
    decide: () => ({ do: 'leave', result: 'ok', departure: { to: 'end', reason: 'done' } }),
  },
  set_variables: {
    declaration: {
      name: 'set_variables',
      description: 'Note facts about this call, such as a name or an order number.',
      parameters: {
        type: 'object',
        properties: { variables: { type: 'object', additionalProperties: { type: 'string' } } },
        required: ['variables'],
      },
    },
    decide: setVariables,
  },
};

type Asked = Pick<Conversation, 'outcomes'>;

/** What the model is told of the tools that it has in this conversation. */
export function toolsOf(settings: Assistant, { outcomes = [] }: Asked): ToolDeclaration[] {
  return [
    ...builtInTools(settings, outcomes).map(name => BUILT_IN[name].declaration),
    ...(outcomes.length > 0 ? [finishTool(outcomes)] : []),
    ...settings.http_tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
  ];
}

/** Where outcomes are on offer, one of them ends the conversation. */
const builtInTools = ({ built_in_tools }: Assistant, outcomes: string[]): BuiltInTool[] =>
  outcomes.length > 0 ? built_in_tools.filter(name => name !== 'end_call') : built_in_tools;

/** @param text the arguments as the model wrote them */
export function decide(name: string, text: string, settings: Assistant, { outcomes = [] }: Asked): Decision {
  const builtIn = builtInTools(settings, outcomes).find(one => one === name);
  const http = settings.http_tools.some(tool => tool.name === name);
  const finishes = name === FINISH && outcomes.length > 0;
  if (!builtIn && !http && !finishes) return answer(`error: there is no tool ${JSON.stringify(name)}`);
  const given = parseArguments(text);
  if (!given) return answer('error: the arguments are not a JSON object');
  if (finishes) return finish(given, outcomes);
  return builtIn ? BUILT_IN[builtIn].decide(given, settings) : { do: 'run' };
}

/** A JSON object; no text at all counts as an empty one. */
export function parseArguments(text: string): Arguments | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() || '{}');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // the model is told so
  }
}

function transfer({ queue, reason, priority }: Arguments, settings: Assistant): Decision {
  if (queue !== undefined && typeof queue !== 'string') return answer('error: queue must be a text');
  if (priority !== undefined && !isPriority(priority))
    return answer('error: priority must be a whole number from 0 to 10');
  const departure: Departure = {
    to: 'queue',
    queue: queue?.trim() || settings.queue,
    reason: 'asked',
    ...(typeof reason === 'string' && reason.trim() !== '' && { note: reason.trim().slice(0, 500) }),
    ...(priority !== undefined && { priority }),
  };
  return { do: 'leave', result: 'ok', departure };
}

function finish({ outcome }: Arguments, outcomes: string[]): Decision {
  const status = chosenOf(outcome, outcomes);
  if (status === undefined) return answer(`error: the outcome must be one of ${JSON.stringify(outcomes)}`);
  return { do: 'leave', result: 'ok', departure: { to: 'flow', reason: 'chosen', status } };
}

/** Some models leave out the outer `variables`. */
function setVariables(given: Arguments): Decision {
  const variables = isObject(given.variables) ? given.variables : given;
  const pairs = Object.entries(variables).map(([name, value]) => [name, scalar(value)] as const);
  const wrong = pairs.find(([, value]) => value === undefined);
  if (wrong) return answer(`error: the value of ${JSON.stringify(wrong[0])} must be a text`);
  return { do: 'answer', result: 'ok', variables: Object.fromEntries(pairs) as Record<string, string> };
}

const scalar = (value: unknown) =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;

const answer = (result: string): Decision => ({ do: 'answer', result });

const isObject = (value: unknown): value is Arguments =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPriority = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 10;
