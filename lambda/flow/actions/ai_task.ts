import type { RefusedAction } from '../action.ts';

export const aiTask: RefusedAction = {
  type: 'ai_task',
  refused:
    'An AI task runs without a caller and without an answer to the flow, and Vobiz has nothing of the kind; use ai_talk, or your own service with webhook_send.',
};
