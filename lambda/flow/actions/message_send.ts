import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on, want } from '../moment.ts';
import { address, anyText } from '../options.ts';

const option = z.strictObject({
  source: z.optional(address),
  destinations: z.array(address).check(z.minLength(1), z.maxLength(50)),
  text: anyText(5000),
});

export const messageSend = action({
  type: 'message_send',
  does: 'Sends the message, as a signed webhook, to the address in the setting MESSAGE_WEBHOOK_URL.',
  differs: 'Vobiz’s voice platform sends no messages itself, and the flow does not wait.',
  needs: 'nothing',
  onFailure: 'go_on',
  option,
  references: () => [{ kind: 'setting', path: '', id: 'MESSAGE_WEBHOOK_URL' }],
  begin(moment, content) {
    want(moment, { do: 'send', what: 'message', content });
    return on();
  },
});
