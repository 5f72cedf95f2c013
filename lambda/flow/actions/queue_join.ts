import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on, waitFor, want } from '../moment.ts';
import { slug } from '../options.ts';
import { queueResults } from '../results.ts';
import { sounds } from '../sound.ts';
import { setResult, setVariables, TOO_MANY } from '../variables.ts';

export const queueJoin = action({
  type: 'queue_join',
  does: 'The caller waits in the queue and talks to an agent; afterwards the flow goes on. queue.result is connected, voicemail, callback, overflow or left; after callback, the variables are those of callback_request.',
  differs:
    'A caller whom an agent does not answer keeps the place in line. Waiting, music and limits are the queue’s own settings.',
  needs: 'call',
  onFailure: 'fall_back',
  option: z.strictObject({ queue_id: slug }),
  references: ({ queue_id }) => [{ kind: 'queue', path: 'queue_id', id: queue_id }],
  begin(moment, { queue_id }) {
    setResult(moment.state, { 'voipbin.queue.id': queue_id, ...queueResults('') });
    sounds(moment.state);
    return waitFor('queue_left', { effect: want(moment, { do: 'join_queue', queue: queue_id }) });
  },
  resume({ state }, _, event) {
    if (event.type !== 'queue_left') return on();
    const fits = setVariables(state, event.variables ?? {});
    setResult(state, queueResults(event.result));
    return on(fits ? event.result : `${event.result}; ${TOO_MANY}`);
  },
});
