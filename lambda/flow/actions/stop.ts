import * as z from 'zod/mini';
import { action } from '../action.ts';

export const stop = action({
  type: 'stop',
  does: 'Ends the flow, and with it the call.',
  needs: 'nothing',
  onFailure: 'go_on',
  option: z.strictObject({}),
  begin: () => ({ go: 'end' }),
});
