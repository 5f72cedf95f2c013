import type { RefusedAction } from '../action.ts';

export const streamEcho: RefusedAction = {
  type: 'stream_echo',
  refused: "Vobiz has no element that plays the caller's own sound back, and its streams carry no RTP.",
};
