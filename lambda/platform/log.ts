/**
 * Structured log lines for CloudWatch. Callers pass numbers masked (`mask`) and never headers, bodies, query
 * strings or keys; text from outside is only ever a JSON string value.
 */
export type Fields = Record<string, string | number | boolean | undefined>;

const write = (level: 'INFO' | 'WARN' | 'ERROR', message: string, fields: Fields = {}) =>
  JSON.stringify({ level, message, ...fields });

export const log = {
  info: (message: string, fields?: Fields) => console.info(write('INFO', message, fields)),
  warn: (message: string, fields?: Fields) => console.warn(write('WARN', message, fields)),
  error: (message: string, error: unknown, fields?: Fields) =>
    console.error(write('ERROR', message, { ...fields, ...describe(error) })),
};

/** Name and message only: a stack or a cause may quote a request. */
function describe(error: unknown): Fields {
  return error instanceof Error ? { error: error.name, detail: error.message } : { error: String(error) };
}
