/** The longest conversation: it ends with the turn in which the time is up, or half a minute later in any case. */

import type { Assistant } from './assistant.ts';
import { cutOff } from './barge-in.ts';
import type { Conversation } from './conversation.ts';
import { leave } from './leaving.ts';
import { isQuiet, type Moment, type Timer } from './moment.ts';

const GRACE_MS = 30_000;

const limit = ({ began_at }: Conversation, { max_secs }: Assistant) =>
  began_at === undefined ? undefined : began_at + max_secs * 1000;

export const timeUp: Timer = {
  due: (talk, settings) => (isQuiet(talk) ? limit(talk, settings) : undefined),
  act: moment => leaveByLimit(moment),
};

export const timeLong: Timer = {
  due: (talk, settings) => {
    const at = limit(talk, settings);
    const present = talk.phase === 'listening' || talk.phase === 'thinking' || talk.phase === 'speaking';
    return present && at !== undefined ? at + GRACE_MS : undefined;
  },
  act: moment => {
    if (moment.talk.reply) cutOff(moment);
    leaveByLimit(moment);
  },
};

function leaveByLimit(moment: Moment): void {
  const { on_limit, queue } = moment.settings;
  leave(
    moment,
    on_limit === 'queue' ? { to: 'queue', queue, reason: 'limit' } : { to: 'end', reason: 'limit' },
  );
}
