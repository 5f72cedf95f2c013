import type { RefusedAction } from '../action.ts';

export const externalMediaStop: RefusedAction = {
  type: 'external_media_stop',
  refused: 'There is no external_media_start on Vobiz, so there is nothing to stop.',
};
