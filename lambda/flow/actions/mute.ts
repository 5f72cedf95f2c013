import type { RefusedAction } from '../action.ts';

export const mute: RefusedAction = {
  type: 'mute',
  refused: 'Vobiz can mute the members of a conference only, not the leg of a call.',
};
