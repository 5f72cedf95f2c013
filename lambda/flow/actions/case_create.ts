import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on, want } from '../moment.ts';
import { anyText, flag } from '../options.ts';

const option = z.strictObject({
  name: z._default(anyText(500), ''),
  detail: z._default(anyText(5000), ''),
  note: z._default(anyText(5000), ''),
  sync: flag,
});

export const caseCreate = action({
  type: 'case_create',
  does: 'Sends the case, as a signed webhook, to the address in the setting MESSAGE_WEBHOOK_URL.',
  differs: 'There is no case store here, so contact_case_id is not set, and the flow never waits.',
  needs: 'nothing',
  onFailure: 'go_on',
  option,
  references: () => [{ kind: 'setting', path: '', id: 'MESSAGE_WEBHOOK_URL' }],
  begin(moment, { name, detail, note }) {
    want(moment, { do: 'send', what: 'case', content: { name, detail, note } });
    return on();
  },
});
