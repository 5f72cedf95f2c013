/** Plays a scenario on a carrier's control API and yields its story, line by line. */
import type { Scenario } from './scenario.ts';
import type { Line } from './scenario-run.ts';
import type { Stack } from './stack.ts';

export async function* listen(stack: Stack, scenario: Scenario, signal: AbortSignal): AsyncGenerator<Line> {
  const response = await fetch(`${stack.carrierUrl}/carrier/calls`, {
    method: 'POST',
    headers: { 'x-auth-token': stack.carrierToken, 'content-type': 'application/json' },
    body: JSON.stringify(scenario),
    signal,
  });
  if (!response.ok || !response.body) {
    throw new Error(`The carrier refused the scenario (${response.status}): ${await response.text()}`);
  }
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Line;
  }
}
