/**
 * The caller's stream as the session sees it: none yet, open, or gone. Posts go to the newest one only, and only while
 * the lease is held.
 */
import type { StreamPlace } from '../store/conversations.ts';
import type { Keeping } from './keeping.ts';
import type { SessionContext } from './session-context.ts';
import type { Speaker } from './speaking.ts';

const LOOK_MS = 20;
/** The carrier opens its stream within this, or never. */
const NO_STREAM_MS = 10_000;

export interface CallerStream {
  /** Of the newest stream, open or not. */
  readonly place: StreamPlace | undefined;
  readonly isOpen: boolean;
  opened(place: StreamPlace): void;
  closed(): void;
  /** @returns whether the stream is known to have ended by that, within `patienceMs` */
  stop(patienceMs: number): Promise<boolean>;
}

/** @param onGone called when a post finds that the socket is no more */
export function callerStream(
  context: SessionContext,
  keeping: Keeping,
  mouth: Speaker,
  onGone: () => void,
): CallerStream {
  let place: StreamPlace | undefined;
  let isOpen = false;

  const postTo = (connection: string) => async (message: string) => {
    const until = keeping.mayActUntil();
    if (context.now() >= until) return false;
    const result = await context.sockets.post(connection, message, until);
    if (result === 'gone' && isOpen && place?.connection === connection) onGone();
    return result === 'ok';
  };

  const until = async (isSo: () => boolean, withinMs: number) => {
    const giveUpAt = context.now() + withinMs;
    while (!isSo() && context.now() < giveUpAt) await context.pause(LOOK_MS);
    return isSo();
  };

  return {
    get place() {
      return place;
    },
    get isOpen() {
      return isOpen;
    },
    opened(next) {
      place = next;
      isOpen = true;
      mouth.useLine({ streamId: next.stream_id, post: postTo(next.connection) });
    },
    closed() {
      isOpen = false;
      mouth.useLine(undefined);
    },
    async stop(patienceMs) {
      if (!(await until(() => place !== undefined, NO_STREAM_MS))) return false;
      return (await mouth.stop()) && until(() => !isOpen, patienceMs);
    },
  };
}
