import * as z from 'zod/mini';
import { action, named } from '../action.ts';
import { on, to } from '../moment.ts';
import { id } from '../options.ts';
import { read } from '../variables.ts';

const STATUSES = ['dialing', 'ringing', 'progressing', 'terminating', 'canceling', 'hangup'] as const;
const RESULTS = ['busy', 'noanswer', 'failed', 'canceled'] as const;

export const conditionCallStatus = action({
  type: 'condition_call_status',
  does: 'Goes on if voipbin.call.status is the status, else to false_target_id.',
  differs:
    'After a connect the status is that of the connected call, as in condition_variable; its failures may be asked for too.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({ status: z.enum([...STATUSES, ...RESULTS]), false_target_id: id }),
  targets: ({ false_target_id }) => named({ false_target_id }),
  begin: ({ state }, { status, false_target_id }) =>
    read(state.variables, 'voipbin.call.status') === status ? on() : to(false_target_id),
});
