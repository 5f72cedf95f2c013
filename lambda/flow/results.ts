/** What a flow's variables say of where the caller was sent to. */
import type { ConnectResult } from './event.ts';

export const AI_STATUS = 'voipbin.aicall.status';
export const AI_INTENT = 'voipbin.aicall.intent';

/** How a conversation may end without an outcome. */
const ENDINGS = ['completed', 'timeout', 'transfer', 'error', 'hangup'];

export const talkResults = (status: string) => ({
  [AI_STATUS]: status,
  [AI_INTENT]: ENDINGS.includes(status) ? '' : status,
});

export const queueResults = (result: string) => ({ 'queue.result': result });

export const callbackResults = (status: 'requested' | 'known', id: string, number: string) => ({
  'callback.status': status,
  'callback.id': id,
  'callback.number': number,
});

export const bridgeResults = (result: ConnectResult, by = '') => ({
  'voipbin.call.status': result === 'answered' ? 'progressing' : result,
  'connect.status': result,
  'connect.answered_by': by,
});
