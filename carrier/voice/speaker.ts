/** Somebody on the line who says one thing after the other, each when its moment comes. */
import { readFileSync } from 'node:fs';
import type { Call } from '../call.ts';
import { draw } from '../random.ts';
import type { Say } from './says.ts';
import { readWav } from './wav.ts';

const MANNERLY_SECS = 0.5;

export class Speaker {
  readonly #call: Call;
  #last: Promise<unknown> = Promise.resolve();
  /** How much had been heard when the last step was done. */
  #mark = { at: 0, soundMs: 0, characters: 0 };

  constructor(call: Call) {
    this.#call = call;
  }

  /** Does this step after all before it. Rejects when the call ends first, or a file cannot be said. */
  act(say: Say): Promise<void> {
    const done = this.#last.then(() => this.#act(say));
    this.#last = done.catch(() => undefined); // told to whoever asked for the step
    return done;
  }

  async #act(say: Say): Promise<void> {
    const call = this.#call;
    await this.#moment(say);
    await call.clock.sleep(draw(say.after ?? 0, call.pace.random) * 1000, call.line);
    if (say.text !== undefined) await call.say(say.text);
    if (say.wav !== undefined) await call.sayAloud(readWav(readFileSync(say.wav)), say.wav);
    for (const digit of say.presses ?? '') call.press(digit);
    if (say.hangsUp) call.callerHangsUp();
    const { now, soundMs, characters } = call.ear;
    this.#mark = { at: now, soundMs, characters: characters.length };
  }

  async #moment({ hearing, interrupts, quiet, after }: Say): Promise<void> {
    const { ear, line } = this.#call;
    const mark = this.#mark;
    if (hearing !== undefined) {
      const words = hearing.toLowerCase();
      await ear.until(() => ear.text(mark.characters).includes(words), line);
    }
    if (interrupts !== undefined)
      await ear.until(() => ear.soundMs - mark.soundMs >= interrupts * 1000, line);
    const isNamed = [hearing, interrupts, after].some(moment => moment !== undefined);
    const secs = quiet ?? (isNamed ? undefined : MANNERLY_SECS);
    if (secs === undefined) return;
    // What began before the step was said is the rest of what it interrupted, and no answer to it.
    const hasAnswered = () => hearing !== undefined || (ear.sounds.at(-1)?.from ?? -1) >= mark.at;
    await ear.until(() => hasAnswered() && ear.silentMs >= secs * 1000, line);
  }
}
