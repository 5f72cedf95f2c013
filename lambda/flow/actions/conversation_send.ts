import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on, want } from '../moment.ts';
import { anyText, flag, id } from '../options.ts';

export const conversationSend = action({
  type: 'conversation_send',
  does: 'Sends the chat message, as a signed webhook, to the address in the setting MESSAGE_WEBHOOK_URL.',
  differs: 'The flow never waits for it, also with sync.',
  needs: 'nothing',
  onFailure: 'go_on',
  option: z.strictObject({ conversation_id: id, text: anyText(5000), sync: flag }),
  references: () => [{ kind: 'setting', path: '', id: 'MESSAGE_WEBHOOK_URL' }],
  begin(moment, { conversation_id, text }) {
    want(moment, { do: 'send', what: 'conversation', content: { conversation_id, text } });
    return on();
  },
});
