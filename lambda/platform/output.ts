/** Where log lines and metrics go. In one place, so that a test or a bench can listen or be quiet. */
export const output = {
  out: (line: string): unknown => process.stdout.write(`${line}\n`),
  err: (line: string): unknown => process.stderr.write(`${line}\n`),
};
