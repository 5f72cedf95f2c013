/**
 * What functions print: everything goes to a log file, warnings and errors also to the terminal, in one line with
 * the function's short name.
 */
import { createWriteStream } from 'node:fs';
import pc from 'picocolors';
import type { Output } from './host.ts';

export interface LogFile {
  output: Output;
  close(): Promise<void>;
}

export function openLog(file: string, print: (line: string) => void): LogFile {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  const output: Output = (functionName, channel, text) => {
    const name = shortName(functionName);
    for (const line of text.split('\n').filter(each => each.trim() !== '')) {
      stream.write(`${new Date().toISOString()} ${name} ${line}\n`);
      const level = levelOf(line, channel);
      if (level !== 'INFO') print(paint(level, `${name}: ${readable(line)}`));
    }
  };
  return { output, close: () => new Promise(resolve => stream.end(() => resolve())) };
}

/** `FunctionsWebhooks1A2B3C4D` is `webhooks` to a reader. */
function shortName(functionName: string): string {
  return functionName
    .replace(/^Functions/, '')
    .replace(/[0-9A-F]{8}$/, '')
    .toLowerCase();
}

type Level = 'INFO' | 'WARN' | 'ERROR';

/** Structured lines say their level; other lines are as bad as the stream they came by. */
function levelOf(line: string, channel: 'stdout' | 'stderr'): Level {
  const { level } = parsed(line);
  if (level === 'INFO' || level === 'WARN' || level === 'ERROR') return level;
  return channel === 'stderr' ? 'ERROR' : 'INFO';
}

function readable(line: string): string {
  const { level: _, message, ...fields } = parsed(line);
  if (typeof message !== 'string') return line;
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  return [message, ...rest].join(' ');
}

function parsed(line: string): Record<string, unknown> {
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {}; // not a structured line after all
  }
}

const paint = (level: Level, text: string) => (level === 'WARN' ? pc.yellow(text) : pc.red(text));
