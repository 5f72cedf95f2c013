import * as z from 'zod/mini';
import { action } from '../action.ts';
import { currentAction } from '../cursor.ts';
import { HTTP_METHODS } from '../effect.ts';
import type { EventOf } from '../event.ts';
import { flattened } from '../flatten.ts';
import { fail, type Moment, type Next, on, waitFor, want } from '../moment.ts';
import { anyText, flag, text, webUrl } from '../options.ts';
import { setVariables, TOO_MANY } from '../variables.ts';

const JSON_TYPE = 'application/json';

const option = z.strictObject({
  sync: flag,
  uri: webUrl,
  method: z._default(z.enum(HTTP_METHODS), 'POST'),
  data_type: z._default(
    text(/^[\x20-\x7e]*$/, 'a media type such as application/json').check(z.maxLength(100)),
    JSON_TYPE,
  ),
  data: z._default(anyText(50_000), ''),
  response_prefix: z.optional(
    text(/^[A-Za-z_][\w.-]{0,63}$/, 'a name of letters, digits, dots, hyphens and underscores'),
  ),
});
type Option = z.output<typeof option>;

export const webhookSend = action({
  type: 'webhook_send',
  does: 'Sends data to uri, signed. With sync the flow waits for the answer, and each field of its JSON becomes a variable: under response_prefix, else under the action’s id without a leading fetch-, get-, load- or lookup-; its HTTP status is <prefix>.status_code.',
  differs:
    'A variable’s text is escaped where data is JSON. No answer in time, or a status other than 200 to 299, is a failure for on_error_target_id. Private addresses are refused.',
  needs: 'nothing',
  onFailure: 'go_on',
  option,
  references: ({ uri }) => [{ kind: 'address', path: 'uri', id: uri }],
  escapes: {
    data: (value, _, { data_type = JSON_TYPE }) =>
      /json/i.test(String(data_type)) ? JSON.stringify(value).slice(1, -1) : value,
    // A whole address, or a part of one.
    uri: (value, template) => (template.startsWith('${') && /^https?:/i.test(value) ? value : inUrl(value)),
  },
  begin(moment, { sync, uri, method, data_type, data }) {
    const effect = want(moment, {
      do: 'http',
      url: uri,
      method,
      content_type: data_type || JSON_TYPE,
      ...(data !== '' && { body: data }),
      awaited: sync,
    });
    return sync ? waitFor('answered', { effect }) : on();
  },
  resume: (moment, given, event) => (event.type === 'answered' ? answered(moment, given, event) : on()),
});

function answered(moment: Moment, given: Option, { status, body = '' }: EventOf<'answered'>): Next {
  const prefix = given.response_prefix || prefixOf(currentAction(moment)?.id);
  const succeeded = status !== undefined && status >= 200 && status < 300;
  const code = { [`${prefix}.status_code`]: status === undefined ? '' : String(status) };
  const { fields, lost } = succeeded ? flattened(body, prefix) : { fields: {} };
  if (!setVariables(moment.state, { ...fields, ...code })) {
    setVariables(moment.state, code);
    return fail(TOO_MANY);
  }
  if (status === undefined) return fail('no answer');
  if (!succeeded) return fail(`status ${status}`);
  return on(lost === undefined ? String(status) : `${status}; ${lost}`);
}

/** Half a character, which a cut text may end with, has no place in a URL. */
const inUrl = (value: string): string => encodeURIComponent(value.replace(/\p{Surrogate}/gu, ''));

const prefixOf = (id = 'response'): string => id.replace(/^(fetch|get|load|lookup)-(?=.)/, '');
