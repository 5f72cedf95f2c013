/**
 * Structured log lines for CloudWatch, written past Lambda's console, which would wrap them once more. Callers
 * pass numbers masked (`mask`) and never headers, bodies, query strings or keys; text from outside is only ever a
 * JSON string value.
 */
import { output } from './output.ts';

type Fields = Record<string, string | number | boolean | undefined>;

function write(level: 'INFO' | 'WARN' | 'ERROR', message: string, fields: Fields = {}): void {
  const line = JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields });
  output[level === 'INFO' ? 'out' : 'err'](line);
}

export const log = {
  info: (message: string, fields?: Fields) => write('INFO', message, fields),
  warn: (message: string, fields?: Fields) => write('WARN', message, fields),
  error: (message: string, error: unknown, fields?: Fields) =>
    write('ERROR', message, { ...fields, ...describe(error) }),
};

/** Name and message only: a stack or a cause may quote a request. */
function describe(error: unknown): Fields {
  return error instanceof Error ? { error: error.name, detail: error.message } : { error: String(error) };
}
