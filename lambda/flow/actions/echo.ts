import type { RefusedAction } from '../action.ts';

export const echo: RefusedAction = {
  type: 'echo',
  refused: "Vobiz has no element that plays the caller's own sound back.",
};
