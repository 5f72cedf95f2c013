import * as z from 'zod/mini';
import { action } from '../action.ts';
import { answered } from '../sound.ts';
import type { FlowState } from '../state.ts';
import { read } from '../variables.ts';
import type { Verb } from '../verb.ts';

const REASONS = ['normal', 'failed', 'busy', 'cancel', 'timeout', 'noanswer', 'dialout', 'amd'] as const;

const option = z.strictObject({
  reason: z._default(z.enum(REASONS), 'normal'),
  reference_id: z.optional(
    z.literal('', 'must be empty: Vobiz cannot end a call with the cause of another; use reason'),
  ),
});

export const hangup = action({
  type: 'hangup',
  does: 'Ends the call. Before answer, and before anything has sounded, the call is refused, unbilled: with reason "busy" as busy, else as rejected.',
  differs:
    'A call that was answered ends normally, whatever the reason; the reason is kept in the path. reference_id is refused.',
  needs: 'call',
  onFailure: 'go_on',
  option,
  begin(moment, { reason }) {
    const { state, verbs } = moment;
    if (isPromised(state)) answered(moment, { verb: 'hangup' });
    else verbs.push(state.sounded ? { verb: 'hangup' } : refusal(reason));
    return { go: 'end', ...(reason !== 'normal' && { result: reason }) };
  },
});

/** The flow has said that it answers, and reads so; nothing has sounded yet. */
const isPromised = ({ sounded, variables }: FlowState): boolean =>
  !sounded && read(variables, 'voipbin.call.status') === 'progressing';

/** How a call is refused that was not answered yet. */
const refusal = (reason: string): Verb => ({
  verb: 'hangup',
  reason: reason === 'busy' ? 'busy' : 'rejected',
});
