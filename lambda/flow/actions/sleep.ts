import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on } from '../moment.ts';
import { whole } from '../options.ts';
import { answered } from '../sound.ts';

export const sleep = action({
  type: 'sleep',
  does: 'Waits in silence.',
  differs: 'duration, in milliseconds, is rounded up to whole seconds, in which Vobiz counts.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({ duration: whole(0, 3_600_000) }),
  begin(moment, { duration }) {
    if (duration > 0) answered(moment, { verb: 'wait', secs: Math.ceil(duration / 1000) });
    return on();
  },
});
