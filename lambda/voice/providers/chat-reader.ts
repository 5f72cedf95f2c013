/**
 * What the chunks of a streamed completion say, or one whole completion. Tool calls come in pieces and are given when
 * the reply is complete; so is the usage.
 */
import { randomUUID } from 'node:crypto';
import { asObject } from './exchange.ts';
import type { LlmEvent } from './provider.ts';

interface Call {
  id: string;
  name: string;
  arguments: string;
}

export function createChatReader() {
  const calls = new Map<number, Call>();
  let usage: LlmEvent[] = [];
  let finished = false;

  function addTo(piece: Record<string, unknown>): void {
    const { name, arguments: more } = asObject(piece.function);
    const index = indexOf(piece, calls.size);
    const call = calls.get(index) ?? { id: '', name: '', arguments: '' };
    call.id ||= text(piece.id);
    call.name ||= text(name);
    call.arguments += typeof more === 'object' && more !== null ? JSON.stringify(more) : text(more);
    calls.set(index, call);
  }

  return {
    /** @param chunk a `chat.completion.chunk` or a `chat.completion`; what it lacks is passed over */
    read({ choices, usage: counted }: Record<string, unknown>): LlmEvent[] {
      if (counted) usage = [usageOf(asObject(counted))];
      const choice = asObject(listOf(choices)[0]);
      const said = asObject(choice.delta ?? choice.message);
      const pieces = listOf(said.tool_calls);
      for (const piece of pieces) addTo(asObject(piece));
      finished ||= typeof choice.finish_reason === 'string';
      // A refusal is what the model says to the caller.
      const words = text(said.content) + text(said.refusal);
      return [
        ...(words ? [{ type: 'token' as const, text: words }] : []),
        ...(pieces.length > 0 ? [{ type: 'calling' as const }] : []),
      ];
    },
    /** A tool call is being written. */
    get calling() {
      return calls.size > 0;
    },
    /** The model has come to its end; a stream that ends before was cut off. */
    get complete() {
      return finished;
    },
    end(): LlmEvent[] {
      const called = [...calls.values()].map(call => ({
        type: 'tool_call' as const,
        id: call.id || `call_${randomUUID()}`,
        name: call.name,
        arguments: call.arguments || '{}',
      }));
      return [...called, ...usage];
    },
  };
}

/** Some servers number nothing and give every call whole, with an id of its own. */
function indexOf({ index, id }: Record<string, unknown>, known: number): number {
  if (typeof index === 'number') return index;
  return id ? known : Math.max(0, known - 1);
}

const usageOf = ({ prompt_tokens, completion_tokens }: Record<string, unknown>): LlmEvent => ({
  type: 'usage',
  input_tokens: Number(prompt_tokens) || 0,
  output_tokens: Number(completion_tokens) || 0,
});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
