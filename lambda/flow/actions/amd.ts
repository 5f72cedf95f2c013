import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on } from '../moment.ts';
import { flag } from '../options.ts';
import { read, setResult } from '../variables.ts';

export const AMD_RESULT = 'amd.result';

export const amd = action({
  type: 'amd',
  does: 'Tells whether a machine has answered, as amd.result: machine or human. With machine_handle "hangup" the call of a machine ends.',
  differs:
    'Vobiz listens for a machine when it places a call whose flow has this action, or fetches one that has it by a name without variables, before the flow begins; so async makes no difference, and a caller who called us is human.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({
    machine_handle: z._default(z.enum(['hangup', 'continue']), 'hangup'),
    async: flag,
  }),
  begin({ state }, { machine_handle }) {
    const result = read(state.variables, AMD_RESULT) || 'human';
    setResult(state, { [AMD_RESULT]: result });
    return result === 'machine' && machine_handle === 'hangup' ? { go: 'end', result } : on(result);
  },
});
