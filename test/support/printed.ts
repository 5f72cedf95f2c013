/** Keeps what the functions of a host print, line by line. */
import type { Output } from '../../local/host.ts';

export interface Printed {
  output: Output;
  lines: string[];
  /** Structured lines of that level. */
  of(level: 'INFO' | 'WARN' | 'ERROR'): Record<string, unknown>[];
}

export function printed(): Printed {
  const lines: string[] = [];
  return {
    lines,
    output: (_function, _stream, text) => {
      lines.push(...text.split('\n').filter(line => line.trim() !== ''));
    },
    of: level =>
      lines
        .filter(line => line.startsWith('{'))
        .map(line => JSON.parse(line) as Record<string, unknown>)
        .filter(line => line.level === level),
  };
}
