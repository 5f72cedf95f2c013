/** Where an action's word leads: on, to a target, into another list, to a wait, or to the end. */
import { failsHow } from './begin.ts';
import { currentAction, enter, goOn, jump, type Moved } from './cursor.ts';
import { finish, recover } from './ending.ts';
import { isTarget } from './flow.ts';
import type { Moment, Next } from './moment.ts';
import { note } from './path.ts';

/** @returns whether the cursor stands on an action that shall begin now */
export function move(moment: Moment, next: Next): boolean {
  const { state } = moment;
  if ('result' in next && next.result !== undefined) note(moment, next.result);
  switch (next.go) {
    case 'on':
      return moved(moment, goOn(moment));
    case 'to':
      return moved(moment, isTarget(next.target) ? jump(moment, next.target) : goOn(moment));
    case 'into':
      if (enter(moment, next.frame)) return true;
      return recover(moment, 'limit', 'too many actions within actions');
    case 'wait': {
      const { go: _, ...wait } = next;
      state.wait = { ...wait, since: moment.now };
      return false;
    }
    case 'again':
      if (moment.verbs.length === 0) return failed(moment, 'there is nothing to wait for');
      waitForCarrier(moment);
      return false;
    case 'fail':
      return failed(moment, next.why);
    case 'end':
      finish(moment, 'completed');
      return false;
  }
}

/** What has been said is heard before it is said again: a jump back ends the document. */
function moved(moment: Moment, where: Moved): boolean {
  if (where === 'forward') return true;
  if (where === 'nowhere') return recover(moment, 'failed', 'no action has the id that comes next');
  if (where === 'end') {
    finish(moment, 'completed');
    return false;
  }
  if (moment.verbs.length === 0) return true;
  waitForCarrier(moment);
  return false;
}

function failed(moment: Moment, why: string): boolean {
  note(moment, `failed: ${why}`);
  const action = currentAction(moment);
  const target = action?.on_error_target_id;
  if (isTarget(target)) return moved(moment, jump(moment, target));
  if (failsHow(action) === 'fall_back') return recover(moment, 'failed', why);
  return moved(moment, goOn(moment));
}

/** Until the carrier is through with the verbs so far. */
export function waitForCarrier({ state, now }: Moment): void {
  state.wait = { for: 'continued', since: now };
}
