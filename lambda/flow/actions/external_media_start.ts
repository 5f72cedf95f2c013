import type { RefusedAction } from '../action.ts';

export const externalMediaStart: RefusedAction = {
  type: 'external_media_start',
  refused:
    'Vobiz streams audio to WebSocket services only, not by RTP to a host; use ai_talk or transcribe_start.',
};
