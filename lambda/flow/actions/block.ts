import type { RefusedAction } from '../action.ts';

export const block: RefusedAction = {
  type: 'block',
  refused:
    'A call on Vobiz always needs a next element: it cannot wait for an outside signal in silence. Use queue_join, or a sleep in a loop with webhook_send.',
};
