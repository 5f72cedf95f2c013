import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on } from '../moment.ts';
import { sound } from '../sound.ts';

export const beep = action({
  type: 'beep',
  does: 'Plays a short tone of our own.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({}),
  begin(moment) {
    sound(moment, { verb: 'beep' });
    return on();
  },
});
