import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on } from '../moment.ts';
import { setResult } from '../variables.ts';

export const answer = action({
  type: 'answer',
  does: 'The call is answered by the first thing that sounds; where a bridge, a recording or hangup comes first, by a second of silence.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({}),
  begin({ state }) {
    setResult(state, { 'voipbin.call.status': 'progressing' });
    return on();
  },
});
