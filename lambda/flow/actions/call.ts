import * as z from 'zod/mini';
import { action } from '../action.ts';
import { CONSENT } from '../consent.ts';
import { actionsSchema, isTarget } from '../flow.ts';
import { fail, on, want } from '../moment.ts';
import { address, anonymous, anyText, flag, hasVariable, NUMBER } from '../options.ts';

const destination = address.check(
  z.refine(({ type, target }) => type === 'tel' && (hasVariable(target) || NUMBER.test(target)), {
    error: 'must be of type "tel" with a phone number as its target',
  }),
);

const option = z
  .strictObject({
    source: z.optional(address),
    destinations: z.array(destination).check(z.minLength(1), z.maxLength(20)),
    flow_id: z.optional(anyText(128)),
    actions: z.optional(actionsSchema),
    chained: flag,
    early_execution: z._default(
      z.literal(false, 'must be false: Vobiz asks for a document when the call is answered, not before'),
      false,
    ),
    anonymous,
  })
  .check(
    z.refine(({ flow_id, actions }) => isTarget(flow_id) || (actions?.length ?? 0) > 0, {
      path: ['flow_id'],
      error: 'is missing; name a flow, or give the actions of the new call',
    }),
  );

export const call = action({
  type: 'call',
  does: 'Places a call to each destination, which runs the flow or the actions; this flow does not wait. With chained the new call ends with this one.',
  differs:
    'The new call has this one’s variables but for recording.consent, which nobody has given there, and voipbin.call.master_call_id. Placeholders within actions are left for it. early_execution and anonymous "yes" are refused.',
  needs: 'nothing',
  onFailure: 'go_on',
  option,
  inner: 'actions',
  verbatim: ['actions'],
  references: ({ flow_id }) => (isTarget(flow_id) ? [{ kind: 'flow', path: 'flow_id', id: flow_id }] : []),
  begin(moment, { source, destinations, flow_id, actions, chained }) {
    const to = destinations.map(({ target }) => target);
    if (!to.every(number => NUMBER.test(number))) return fail('a destination is no phone number');
    const { on_call } = moment.state;
    const { [CONSENT]: _, ...variables } = moment.state.variables;
    if (chained && on_call) moment.state.chained = true;
    want(moment, {
      do: 'call',
      from: source?.target ?? '',
      to,
      ...(isTarget(flow_id) ? { flow: flow_id } : { actions: actions ?? [] }),
      variables: { ...variables, 'voipbin.call.master_call_id': variables['voipbin.call.id'] ?? '' },
      chained: chained && on_call,
    });
    return on();
  },
});
