/**
 * Performs an assistant's HTTP tools. What a tool answers, or why it could not, is text for the model: data, never
 * an instruction to us.
 */
import { randomUUID } from 'node:crypto';
import type { Context } from '../app/context.ts';
import { sendSigned } from '../app/send-signed.ts';
import type { Call } from '../call/call.ts';
import { log } from '../platform/log.ts';
import type { Assistant } from '../voice/assistant.ts';
import type { Command } from '../voice/conversation.ts';

/** As much of an answer as the model reads. */
const ANSWER_BYTES = 8 * 1024;

type ToolCall = Extract<Command, { do: 'run_tool' }>;

/** @returns what the model is told */
export async function performTool(
  context: Context,
  call: Call,
  settings: Assistant,
  { name, arguments: text }: ToolCall,
): Promise<string> {
  const tool = settings.http_tools.find(one => one.name === name);
  if (!tool) return `There is no tool ${name}.`;
  try {
    const { status, text: answer } = await sendSigned(context, {
      url: tool.url,
      id: `tool-${call.id}-${randomUUID()}`,
      timeoutMs: tool.timeout_ms,
      readBytes: ANSWER_BYTES,
      body: JSON.stringify({
        type: 'assistant.tool',
        tool: name,
        call_id: call.id,
        from: call.from,
        to: call.to,
        arguments: JSON.parse(text) as unknown,
      }),
    });
    if (status >= 200 && status < 300) return answer === '' ? 'done' : answer;
    return `The tool failed with status ${status}.`;
  } catch (error) {
    log.warn('A tool could not be called', { call: call.id, tool: name, reason: (error as Error).name });
    return 'The tool could not be reached.';
  }
}
