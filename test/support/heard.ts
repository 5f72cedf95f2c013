/** The log lines and metrics written while some work is done; nothing of them is shown. */
import { output } from '../../lambda/platform/output.ts';

export async function heard(work: () => Promise<unknown>): Promise<string[]> {
  const before = { ...output };
  const lines: string[] = [];
  output.out = output.err = line => lines.push(line);
  try {
    await work();
  } finally {
    Object.assign(output, before);
  }
  return lines;
}
