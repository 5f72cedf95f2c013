import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on, want } from '../moment.ts';
import { address, anyText } from '../options.ts';

const option = z.strictObject({
  destinations: z.array(address).check(z.minLength(1), z.maxLength(50)),
  subject: z._default(anyText(1000), ''),
  content: z._default(anyText(50_000), ''),
  attachments: z._default(
    z
      .array(z.strictObject({ reference_type: anyText(64), reference_id: anyText(200) }))
      .check(z.maxLength(20)),
    [],
  ),
});

export const emailSend = action({
  type: 'email_send',
  does: 'Sends the e-mail, as a signed webhook, to the address in the setting MESSAGE_WEBHOOK_URL.',
  differs: 'Attachments are named in the webhook, not sent.',
  needs: 'nothing',
  onFailure: 'go_on',
  option,
  references: () => [{ kind: 'setting', path: '', id: 'MESSAGE_WEBHOOK_URL' }],
  begin(moment, content) {
    want(moment, { do: 'send', what: 'email', content });
    return on();
  },
});
