/** Keys pressed: the transfer key alone leads to people, other keys become words of the caller. */
import { cutOff } from './barge-in.ts';
import type { Conversation } from './conversation.ts';
import { textOf } from './end-of-turn.ts';
import { canStay, leave } from './leaving.ts';
import type { Moment, Timer } from './moment.ts';
import { commit } from './words.ts';

/** How long a single transfer key waits for another key, so that a number may begin with it. */
const ALONE_MS = 800;
const PAUSE_MS = 2000;
const END_KEY = '#';

/** Pressing a key is deliberate: it always takes the turn, but for a transfer under way. */
export function press(moment: Moment, { digit }: { digit: string }): void {
  const { talk, now } = moment;
  if (talk.phase === 'over' || (talk.phase === 'leaving' && !canStay(moment))) return;
  if (talk.phase !== 'listening' && talk.phase !== 'opening') cutOff(moment);
  talk.digits.push({ pressed: digit, at: now });
  talk.quiet_since = now;
}

export const digitsEnd: Timer = {
  due: ({ phase, digits }, { transfer_key }) => {
    const last = digits.at(-1);
    if (phase !== 'listening' || !last) return undefined;
    if (last.pressed === END_KEY) return last.at;
    return last.at + (digits.length === 1 && last.pressed === transfer_key ? ALONE_MS : PAUSE_MS);
  },
  act: moment => {
    const { talk, settings } = moment;
    const keys = pressed(talk);
    talk.digits = [];
    if (keys.join('') === settings.transfer_key)
      return leave(moment, { to: 'queue', queue: settings.queue, reason: 'key' });
    const words = talk.utterance ? `${textOf(talk.utterance)} ` : '';
    commit(moment, `${words}(keys pressed: ${keys.join(' ')})`);
  },
};

/** Without the key that ends them, unless there is no other. */
function pressed({ digits }: Conversation): string[] {
  const keys = digits.map(digit => digit.pressed);
  return keys.length > 1 && keys.at(-1) === END_KEY ? keys.slice(0, -1) : keys;
}
