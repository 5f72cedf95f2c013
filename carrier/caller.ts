/**
 * The person who calls, as a script: what makes them press keys, and what makes them hang up. A cue waits for
 * something in the call's story (words heard, a kind of entry) and then some seconds more.
 */
import type { Call } from './call.ts';
import { draw, type Range } from './random.ts';
import type { Entry, Kind } from './story.ts';
import type { StreamFaults } from './stream/faults.ts';
import type { Say } from './voice/says.ts';

export interface Cue {
  /** Words the caller must hear, in any case. */
  hearing?: string;
  /** The kind of story entry to wait for, such as `rings`, `plays`, `records`, `bridged`. */
  on?: Kind;
  /** Which of them, when it happens more than once; the first unless given. */
  times?: number;
  /** Seconds after that, or after the call began. */
  after?: Range;
}

export interface CallerScript {
  from: string;
  to: string;
  hangsUp?: Cue;
  presses?: ({ digits: string } & Cue)[];
  /** What the caller says on a stream, in order. */
  says?: Say[];
  /** Keeps both sides of the streams: `call.tape`. */
  taped?: boolean;
  /** What goes wrong with the streams of this call; absent: what the carrier's options say. */
  stream?: StreamFaults;
  /** Seconds the caller talks into a recording before falling silent. Default 5. */
  leavesMessage?: Range;
}

const KEY_MS = 200;

/** Acts out the script until the call ends. */
export async function actOut(script: CallerScript, call: Call): Promise<void> {
  const acts = (script.presses ?? []).map(async press => {
    await cued(press, call);
    for (const digit of press.digits) {
      call.press(digit);
      await call.clock.sleep(KEY_MS, call.line);
    }
  });
  if (script.hangsUp) acts.push(cued(script.hangsUp, call).then(() => call.callerHangsUp()));
  acts.push(...(script.says ?? []).map(say => call.speaker.act(say)));
  for (const act of await Promise.allSettled(acts)) {
    if (act.status === 'rejected' && !call.line.aborted) throw act.reason;
  }
}

async function cued(cue: Cue, call: Call): Promise<void> {
  if (cue.on !== undefined || cue.hearing !== undefined) await happened(cue, call);
  await call.clock.sleep(draw(cue.after ?? 0, call.pace.random) * 1000, call.line);
}

function happened(cue: Cue, call: Call): Promise<void> {
  const words = cue.hearing?.toLowerCase();
  const matches = (entry: Entry) =>
    (cue.on === undefined || entry.kind === cue.on) && (words === undefined || isHeard(words, entry, call));
  let left = cue.times ?? 1;
  return new Promise((resolve, reject) => {
    const see = (entry: Entry) => {
      if (!matches(entry) || --left > 0) return;
      unfollow();
      resolve();
    };
    const unfollow = call.story.follow(see);
    for (const entry of [...call.story.entries]) see(entry);
    call.line.addEventListener('abort', () => {
      unfollow();
      reject(call.line.reason);
    });
  });
}

/** Spoken by the carrier, or played by a stream up to this word. */
function isHeard(words: string, entry: Entry, call: Call): boolean {
  if (entry.kind === 'says') return entry.text.toLowerCase().includes(words);
  return entry.kind === 'hears' && call.ear.text().includes(words);
}
