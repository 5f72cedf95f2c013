import * as z from 'zod/mini';
import { action } from '../action.ts';
import { fail, on, waitFor, want } from '../moment.ts';
import { id } from '../options.ts';

export const fetchFlow = action({
  type: 'fetch_flow',
  does: 'Runs another flow, named by its id or name, and goes on when that one is through.',
  differs:
    'The other flow’s on_complete_flow_id and fallback have no effect here. Its jumps lead within it; only one whose target is a variable may lead back into this flow.',
  needs: 'nothing',
  onFailure: 'fall_back',
  option: z.strictObject({ flow_id: id }),
  references: ({ flow_id }) => [{ kind: 'flow', path: 'flow_id', id: flow_id }],
  begin: (moment, { flow_id }) =>
    waitFor('flow_loaded', { effect: want(moment, { do: 'load_flow', flow: flow_id }) }),
  resume({ flows }, _, event) {
    if (event.type !== 'flow_loaded') return on();
    const found = event.flow && flows(event.flow.id, event.flow.version);
    if (!found) return fail('there is no such flow');
    if (found.actions.length === 0) return on();
    return { go: 'into', frame: { flow: found.id, version: found.version, at: 0 } };
  },
});
