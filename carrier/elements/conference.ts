/**
 * `<Conference>`: a room by name. A member who is alone and did not ask to `stayAlone` is put out at once; one
 * with `endConferenceOnExit` takes everybody along. The document goes on after the room.
 */
import type { Call } from '../call.ts';
import { callFields } from '../fields.ts';
import { firstOf, forever } from '../race.ts';
import type { Member, Room } from '../rooms.ts';
import type { XmlElement } from '../xml.ts';
import { flag, method, number, type Play } from './element.ts';

const DEFAULT_LIMIT_SECS = 14_400;

export const conference: Play = async (element, call) => {
  call.answer();
  const name = element.text;
  const room = call.network.rooms.open(name);
  const kicked = new AbortController();
  const member: Member = {
    id: call.network.rooms.nextMemberId(),
    stayAlone: flag(element, 'stayAlone', false),
    kick: () => kicked.abort(),
  };
  enter(element, call, room, member);
  try {
    await firstOf<void>(
      call.signal,
      signal =>
        forever(AbortSignal.any([signal, kicked.signal])).catch(why => {
          if (!kicked.signal.aborted) throw why;
        }),
      signal => call.clock.sleep(number(call, element, 'timeLimit', DEFAULT_LIMIT_SECS) * 1000, signal),
      ...(flag(element, 'hangupOnStar', false)
        ? [(signal: AbortSignal) => call.keypad.nextOf('*', signal).then(() => undefined)]
        : []),
    );
  } finally {
    leave(element, call, room, member);
  }
  return undefined;
};

function enter(element: XmlElement, call: Call, room: Room, member: Member): void {
  room.members.push(member);
  call.story.add({ kind: 'conference', name: element.text, did: 'enters' });
  tell(element, call, {
    ...callFields(call),
    ...about(element, room, member, 'ConferenceEnter', 'enter'),
    ConferenceFirstMember: String(room.members.length === 1),
  });
  room.leaveLonely();
}

function leave(element: XmlElement, call: Call, room: Room, member: Member): void {
  room.members.splice(room.members.indexOf(member), 1);
  call.story.add({ kind: 'conference', name: element.text, did: 'leaves' });
  tell(element, call, {
    CallUUID: call.uuid,
    ...about(element, room, member, 'ConferenceExit', 'exit'),
    ConferenceLastMember: String(room.members.length === 0),
  });
  if (flag(element, 'endConferenceOnExit', false)) for (const other of room.members) other.kick();
  room.leaveLonely();
  if (room.members.length === 0) call.network.rooms.close(element.text);
}

function about(element: XmlElement, room: Room, member: Member, event: string, action: string) {
  return {
    Event: event,
    ConferenceAction: action,
    ConferenceUUID: room.uuid,
    ConferenceName: element.text,
    ConferenceMemberID: member.id,
  };
}

function tell(element: XmlElement, call: Call, fields: Record<string, string>): void {
  const url = element.attributes.callbackUrl;
  if (url) call.tell({ url, method: method(element, 'callbackMethod'), fields });
}
