/** Conferences and bridges: both are rooms of the carrier's, by name. */
import { type Moment, type Next, waitFor } from './moment.ts';
import { answered } from './sound.ts';

/** The carrier takes a stream and a conference in two documents, but not in one. */
export function joinRoom(moment: Moment, room: string): Next {
  if (moment.verbs.some(({ verb }) => verb === 'transcribe')) return { go: 'again' };
  answered(moment, { verb: 'conference', room });
  return waitFor('room_left');
}
