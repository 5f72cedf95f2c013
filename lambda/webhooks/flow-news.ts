/** What the carrier's request says to the flow, by the link that it followed. */
import type { Call } from '../call/call.ts';
import type { News } from '../call/flow-run.ts';
import type { ConnectResult } from '../flow/event.ts';
import type { Webhook } from '../vobiz/webhook.ts';

type Params = Readonly<Record<string, string>>;

/** @returns undefined for a link that tells nothing */
export function newsFor(call: Call, params: Params, webhook: Partial<Webhook>): News | undefined {
  switch (params.on) {
    case 'continued':
    case 'room_left':
      return { type: params.on };
    case 'digits':
      return { type: 'digits', digits: keysIn(webhook.digits ?? params.digits ?? '') };
    case 'nothing_dialed':
      return { type: 'dialed', result: params.status === undefined ? 'failed' : dialed(params.status) };
    case 'dialed':
      return bridged(call, params, webhook);
    case 'recorded':
      return recorded(call, params);
    default:
      return undefined;
  }
}

/** Whatever else a carrier may put there is no key. */
const keysIn = (digits: string): string => digits.toUpperCase().replace(/[^0-9A-D*#]/g, '');

const RESULT: Record<string, ConnectResult> = {
  completed: 'answered',
  busy: 'busy',
  'no-answer': 'noanswer',
  timeout: 'noanswer',
  cancel: 'canceled',
};

const dialed = (status: string): ConnectResult => RESULT[status] ?? 'failed';

/** Who has answered only the live events of the bridge say. */
function bridged({ flow }: Call, { at, status, by }: Params, { dialStatus, bLeg }: Partial<Webhook>): News {
  const answered = flow?.bridged?.at === Number(at) ? flow.bridged : undefined;
  const result = answered ? 'answered' : dialed(dialStatus ?? status ?? '');
  const number = answered?.by ?? bLeg?.to ?? by;
  return { type: 'dialed', result, ...(result === 'answered' && number !== undefined && { by: number }) };
}

/** What is known of the message; its file often comes later. */
function recorded({ recordings = [] }: Call, { at }: Params): News {
  const message = recordings.findLast(({ kind, step }) => kind === 'message' && step === Number(at));
  return {
    type: 'recorded',
    ...(message && { id: message.id }),
    ...(message?.duration_secs !== undefined && { secs: message.duration_secs }),
    ...(message?.ended_by !== undefined && { ended_by: message.ended_by }),
  };
}
