import * as z from 'zod/mini';
import { action } from '../action.ts';
import { fail, type Moment, on, waitFor, want } from '../moment.ts';
import { anyText, slug } from '../options.ts';
import { callbackResults } from '../results.ts';
import { read, setResult } from '../variables.ts';

const STATUS = 'callback.status';

export const callbackRequest = action({
  type: 'callback_request',
  does: 'Puts a callback into the queue, at the place that the caller had there, else at the end of the line; the flow goes on. The number is number, else the variable callback.number, else the caller’s own. callback.status is requested, or known where the number has a callback open already; callback.id is its id.',
  differs:
    'Ours: VoIPBin has no such action. A number that nobody can call is a failure, and so is one without a country code where the queue has no callback_country_code.',
  needs: 'nothing',
  onFailure: 'go_on',
  option: z.strictObject({ queue_id: slug, number: z.optional(anyText(200)) }),
  references: ({ queue_id }) => [{ kind: 'queue', path: 'queue_id', id: queue_id }],
  begin(moment, { queue_id, number }) {
    setResult(moment.state, { [STATUS]: '' });
    const wanted = number || read(moment.state.variables, 'callback.number') || callerOf(moment);
    if (wanted === '') return fail('there is no number to call back');
    const effect = want(moment, { do: 'request_callback', queue: queue_id, number: wanted });
    return waitFor('callback_requested', { effect });
  },
  resume({ state }, _, event) {
    if (event.type !== 'callback_requested') return on();
    setResult(state, callbackResults(event.status, event.id, event.number));
    return on(event.status);
  },
  failed: ({ state }) => {
    setResult(state, { [STATUS]: 'failed' });
  },
});

/** The person at the other end: of a call that we have placed, its destination. */
function callerOf({ state: { variables } }: Moment): string {
  const outbound = read(variables, 'voipbin.call.direction') === 'outgoing';
  return read(variables, `voipbin.call.${outbound ? 'destination' : 'source'}.target`);
}
