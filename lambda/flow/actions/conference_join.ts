import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on } from '../moment.ts';
import { id } from '../options.ts';
import { joinRoom } from '../rooms.ts';

export const conferenceJoin = action({
  type: 'conference_join',
  does: 'The caller joins the conference of that name, which the first member creates, until leaving it.',
  differs: 'A conference has no flow of its own before it (pre_flow_id): put those actions before this one.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({ conference_id: id }),
  begin: (moment, { conference_id }) => joinRoom(moment, `conference-${conference_id}`),
  resume: () => on(),
});
