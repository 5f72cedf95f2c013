/** Conference rooms by name: who is inside, and being thrown out. */
import { randomUUID } from 'node:crypto';

export interface Member {
  id: string;
  stayAlone: boolean;
  kick: () => void;
}

export class Room {
  readonly uuid = randomUUID();
  readonly members: Member[] = [];
  started = false;

  /** Lets everybody out who may not be alone and is. */
  leaveLonely(): void {
    const [only, ...others] = this.members;
    if (only && others.length === 0 && !only.stayAlone) only.kick();
  }
}

export class Rooms {
  readonly #rooms = new Map<string, Room>();
  #lastMember = 0;

  open(name: string): Room {
    const room = this.#rooms.get(name) ?? new Room();
    this.#rooms.set(name, room);
    return room;
  }

  close(name: string): void {
    this.#rooms.delete(name);
  }

  nextMemberId(): string {
    this.#lastMember++;
    return String(this.#lastMember);
  }
}
