/** What a caller of a flow met, in order: words, sounds, recordings, people. */
import type { Call, Entry } from '../../carrier/index.ts';

export function met(call: Call): string[] {
  return call.story.entries.flatMap(told);
}

function told(entry: Entry): string[] {
  switch (entry.kind) {
    case 'says':
      return [entry.text];
    case 'plays':
      return [/step=(beep|silence)/.exec(entry.url)?.[1] ?? 'music'];
    case 'records':
      return ['recorded from here'];
    case 'bridged':
      return [`talks with ${entry.to.replace(/^\+?/, '+')}`];
    default:
      return [];
  }
}
