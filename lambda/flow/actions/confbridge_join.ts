import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on } from '../moment.ts';
import { id } from '../options.ts';
import { joinRoom } from '../rooms.ts';

export const confbridgeJoin = action({
  type: 'confbridge_join',
  does: 'The caller joins the bridge of that name, a conference of the carrier’s, until leaving it.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({ confbridge_id: id }),
  begin: (moment, { confbridge_id }) => joinRoom(moment, `bridge-${confbridge_id}`),
  resume: () => on(),
});
