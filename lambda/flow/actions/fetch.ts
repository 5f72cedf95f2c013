import * as z from 'zod/mini';
import { canBeRead } from '../../platform/complaints.ts';
import { action } from '../action.ts';
import { HTTP_METHODS } from '../effect.ts';
import { actionsSchema } from '../flow.ts';
import { fail, type Next, on, waitFor, want } from '../moment.ts';
import { webUrl } from '../options.ts';

/** They are stored with the call's state. */
const LONGEST_ANSWER = 50_000;

export const fetchActions = action({
  type: 'fetch',
  does: 'Asks event_url for a list of actions, runs them, and goes on. The request, signed, tells the flow and the call.',
  differs: 'The actions need no ids. What is no list of actions is a failure, which does not end the flow.',
  needs: 'nothing',
  onFailure: 'go_on',
  option: z.strictObject({ event_url: webUrl, event_method: z._default(z.enum(HTTP_METHODS), 'POST') }),
  references: ({ event_url }) => [{ kind: 'address', path: 'event_url', id: event_url }],
  begin(moment, { event_url, event_method }) {
    const effect = want(moment, {
      do: 'http',
      url: event_url,
      method: event_method,
      content_type: 'application/json; charset=utf-8',
      awaited: true,
      fetch: true,
    });
    return waitFor('answered', { effect });
  },
  resume(_, __, event) {
    if (event.type !== 'answered') return on();
    if (event.status === undefined) return fail('no answer');
    if (event.status < 200 || event.status > 299) return fail(`status ${event.status}`);
    return entered(event.body ?? '');
  },
});

function entered(body: string): Next {
  if (body.length > LONGEST_ANSWER) return fail('the answer is too long');
  const read = actionsSchema.safeParse(parsed(body));
  if (!read.success) return fail('the answer is no list of actions');
  const actions = read.data;
  return actions.length === 0 ? on() : { go: 'into', frame: { flow: '', version: 0, at: 0, actions } };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return canBeRead(value) ? value : undefined;
  } catch {
    // No list of actions, then.
    return undefined;
  }
}
