/**
 * What waits for a time. An event changes what is known; then whatever is due is done, and the earliest of what is
 * left becomes `wake_at`. Early ones come first: an end of a reply before what follows from the silence after it.
 */
import type { Command, Stepped } from './conversation.ts';
import { digitsEnd } from './digits.ts';
import { timeLong, timeUp } from './limits.ts';
import type { Moment, Timer } from './moment.ts';
import { checkpointLate, replyEnd, voiceLate } from './playing.ts';
import { filler, modelLate } from './replying.ts';
import { silence } from './silence.ts';
import { streamGone } from './stream.ts';
import { toolLate } from './tool-calls.ts';
import { asideEnd, turnEnd, unanswered } from './words.ts';

const TIMERS: Timer[] = [
  streamGone,
  timeLong,
  toolLate,
  modelLate,
  checkpointLate,
  voiceLate,
  replyEnd,
  filler,
  asideEnd,
  digitsEnd,
  turnEnd,
  unanswered,
  timeUp,
  silence,
];

/** More steps in one moment than any conversation needs. */
const ENOUGH = 20;

/** Does what is due, and says when to look again. */
export function settled(moment: Moment): Stepped {
  for (let done = 0; done < ENOUGH; done++) {
    const due = TIMERS.find(timer => (dueOf(timer, moment) ?? Infinity) <= moment.now);
    if (!due) break;
    due.act(moment);
  }
  const { talk } = moment;
  const commands = storedOnce(moment.commands);
  const wake_at = Math.min(...TIMERS.map(timer => dueOf(timer, moment) ?? Infinity));
  const { wake_at: _past, ...rest } = talk;
  return { conversation: wake_at === Infinity ? rest : { ...rest, wake_at }, commands };
}

/** What is stored is the conversation after the step, however many reasons there are for it. */
function storedOnce(commands: Command[]): Command[] {
  const last = commands.findLastIndex(command => command.do === 'persist');
  return commands.filter((command, at) => command.do !== 'persist' || at === last);
}

const dueOf = (timer: Timer, { talk, settings }: Moment) =>
  talk.phase === 'over' ? undefined : timer.due(talk, settings);
