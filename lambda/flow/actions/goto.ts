import * as z from 'zod/mini';
import { action } from '../action.ts';
import { frameOf, on, to } from '../moment.ts';
import { id, whole } from '../options.ts';

export const goto = action({
  type: 'goto',
  does: 'Goes to target_id: always, or loop_count times in the flow’s life and then on.',
  differs: 'Without loop_count it always jumps; the limit of actions ends a loop that never does.',
  needs: 'nothing',
  onFailure: 'go_on',
  option: z.strictObject({ target_id: id, loop_count: z.optional(whole(0, 1000)) }),
  targets: ({ target_id }) => ({ target_id }),
  begin(moment, { target_id, loop_count }) {
    const frame = frameOf(moment);
    if (loop_count === undefined || !frame) return to(target_id);
    const { jumps } = moment.state;
    const key = `${frame.flow}:${frame.at}`;
    const made = jumps[key] ?? 0;
    if (made >= loop_count) return on('skipped: it has jumped often enough');
    jumps[key] = made + 1;
    return to(target_id);
  },
});
