import * as z from 'zod/mini';
import { action } from '../action.ts';
import type { ConnectResult, EventOf } from '../event.ts';
import { fail, type Moment, type Next, on, waitFor } from '../moment.ts';
import { address, anonymous, flag, hasVariable, NUMBER, whole } from '../options.ts';
import { bridgeResults } from '../results.ts';
import { answered } from '../sound.ts';
import { read, setResult } from '../variables.ts';
import type { Leg } from '../verb.ts';

const SIP = /^sips?:\S+$/i;
const TYPES = ['tel', 'agent', 'sip'];

const destination = address.check(
  z.refine(({ type, target }) => hasVariable(type + target) || legOf({ type, target }) !== undefined, {
    error:
      'must be of type "tel" or "agent" with a phone number as its target, or "sip" with a sip: address; Vobiz rings nothing else',
  }),
);

const option = z.strictObject({
  source: z.optional(address),
  destinations: z.array(destination).check(z.minLength(1), z.maxLength(20)),
  early_media: flag,
  relay_reason: flag,
  anonymous,
  ring_method: z._default(z.enum(['all', 'linear']), 'all'),
  timeout: z._default(whole(5, 120), 60),
  time_limit: z._default(whole(10, 14_400), 3600),
});
type Option = z.output<typeof option>;

export const connect = action({
  type: 'connect',
  does: 'Rings the destinations, all at once or with ring_method "linear" one after the other, for timeout seconds; the first who answers is bridged, the others stop. When the bridge is over the flow goes on. connect.status is answered, busy, noanswer, failed or canceled, connect.answered_by the number; voipbin.call.status is progressing or the failure.',
  differs:
    'The caller hears the callee’s network before the answer with early_media and without. source must be a number of the account. The line that the call is on is passed over. relay_reason hangs up afterwards, normally: the caller’s call was answered for the bridge and cannot take over a cause. anonymous "yes" is refused.',
  needs: 'call',
  onFailure: 'go_on',
  option,
  begin: (moment, given) => ring(moment, given, 0),
  resume(moment, given, event, { notes }) {
    if (event.type !== 'dialed') return on();
    const next = typeof notes?.next === 'number' ? notes.next : given.destinations.length;
    const isOver = event.result === 'answered' || event.result === 'canceled';
    if (!isOver && next < reachable(moment, given).length) return ring(moment, given, next);
    return ended(moment, given, event, onlyOne(moment, given, next));
  },
  failed: moment => note(moment, 'failed'),
});

/** @param first of the destinations that were not rung yet */
function ring(moment: Moment, given: Option, first: number): Next {
  const destinations = reachable(moment, given);
  if (first >= destinations.length) return fail('a line cannot ring itself');
  const last = given.ring_method === 'all' ? destinations.length : first + 1;
  const legs = destinations.slice(first, last).map(legOf);
  if (legs.includes(undefined)) return fail('a destination is neither a phone number nor a SIP address');
  const caller_id = given.source?.target ?? '';
  answered(moment, {
    verb: 'dial',
    legs: legs.filter(leg => leg !== undefined),
    caller_id: NUMBER.test(caller_id) ? caller_id : '',
    ring_secs: given.timeout,
    talk_secs: given.time_limit,
  });
  return waitFor('dialed', { notes: { next: last } });
}

/** Who alone was rung, and so has answered, whether it was heard of live or not. */
function onlyOne(moment: Moment, given: Option, next: number): string | undefined {
  const rung = reachable(moment, given).slice(given.ring_method === 'all' ? 0 : next - 1, next);
  return rung.length === 1 && rung[0] ? legOf(rung[0])?.target : undefined;
}

const reachable = (moment: Moment, { destinations }: Option): Option['destinations'] =>
  destinations.filter(({ target }) => !isOwnLine(moment, target));

/** The line that the call came in on, or goes out from: its flow would begin again, and ring it again. */
function isOwnLine({ state: { variables } }: Moment, target: string): boolean {
  const side = read(variables, 'voipbin.call.direction') === 'outgoing' ? 'source' : 'destination';
  const own = digitsOf(read(variables, `voipbin.call.${side}.target`));
  return own !== '' && digitsOf(target) === own;
}

const digitsOf = (target: string): string => target.replace(/[\s()+-]/g, '');

function legOf({ type, target }: { type: string; target: string }): Leg | undefined {
  const to = target.replace(/[\s()-]/g, '');
  if (!TYPES.includes(type)) return undefined;
  if (type !== 'sip') return NUMBER.test(to) ? { type: 'number', target: to } : undefined;
  return SIP.test(target) ? { type: 'sip', target } : undefined;
}

function ended(
  moment: Moment,
  { relay_reason }: Option,
  { result, by }: EventOf<'dialed'>,
  only: string | undefined,
): Next {
  note(moment, result, result === 'answered' ? (by ?? only) : by);
  return relay_reason ? { go: 'end', result } : on(result);
}

function note({ state }: Moment, result: ConnectResult, by = ''): void {
  setResult(state, bridgeResults(result, by));
}
