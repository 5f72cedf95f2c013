/** How a call ended, as far as the carrier can observe, and whether that is what the scenario expects. */
import type { Call } from './call.ts';
import { bareNumber } from './phones.ts';
import type { Outcome, Scenario } from './scenario.ts';

export function outcomeOf(call: Call): Outcome {
  const { story, ended } = call;
  if (ended && ended.code >= 5000 && ended.source === 'Error') return 'failed';
  if (story.of('bridged').length > 0) return 'bridged';
  if (story.of('recorded').some(({ session }) => !session)) return 'voicemail';
  return ended?.source === 'Caller' ? 'abandoned' : 'ended';
}

/** What differs from the expectation, in words; empty when all is well. */
export function differences(call: Call, expect: Scenario['expect']): string[] {
  const found: string[] = [];
  const outcome = outcomeOf(call);
  const outcomes = [expect.outcome ?? []].flat();
  if (outcomes.length > 0 && !outcomes.includes(outcome)) {
    found.push(`The call ended as "${outcome}", not as ${outcomes.map(name => `"${name}"`).join(' or ')}.`);
  }
  const phone = expect.with;
  if (phone && !call.story.of('bridged').some(({ to }) => bareNumber(to) === bareNumber(phone))) {
    found.push(`The caller never spoke with ${phone}.`);
  }
  for (const { to } of call.story.of('collides')) {
    found.push(`${to} was rung although it was already ringing or talking.`);
  }
  for (const { reason } of call.story.of('complains')) found.push(`On the stream ${reason}.`);
  const heard = [...call.story.heard(), call.ear.text()].join(' ').toLowerCase();
  for (const words of [expect.heard ?? []].flat()) {
    if (!heard.includes(words.toLowerCase())) found.push(`The caller never heard "${words}".`);
  }
  return found;
}
