/**
 * A conversation on a terminal: what is heard grows word by word on the last line, while a line that is being typed
 * stays below it. Without a terminal words follow each other as they come, and nothing is ever redrawn.
 */
import type { Interface } from 'node:readline';
import { colours as pc } from '../colours.ts';
import { narrate } from '../narrate.ts';
import type { Line } from '../scenario-run.ts';
import type { Entry } from '../story.ts';
import { FRAME_MS } from '../stream/sound.ts';

/** A longer pause begins a new line. */
const PAUSE_MS = 1_500;
const CLEAR_LINE = '\r\x1b[2K';
const UP = '\x1b[1A';
/** Where the terminal does not say how wide it is. */
const WIDTH = 110;
/** Room for time and label. */
const MARGIN = 20;

export class Screen {
  readonly #out: NodeJS.WriteStream;
  readonly #typing: Interface | undefined;
  readonly #xml: boolean;
  /** The words of the line that still grows. */
  #words = '';
  #lastAt = 0;
  /** When the application last took back what it was saying. */
  #clearedAt = Number.POSITIVE_INFINITY;

  /** @param typing whose prompt stays at the bottom */
  constructor(out: NodeJS.WriteStream, xml: boolean, typing?: Interface) {
    this.#out = out;
    this.#typing = typing;
    this.#xml = xml;
  }

  tell(line: Line): void {
    if ('entry' in line && line.entry.kind === 'cleared') this.#clearedAt = line.entry.at;
    const text = narrate(line, { crowd: false, xml: this.#xml });
    if ('verdict' in line) this.#finishLine();
    else if (line.entry.kind === 'hears') this.#word({ ...line, entry: line.entry });
    else if (text !== undefined) this.print(text);
  }

  print(text: string): void {
    this.#finishLine();
    this.#clear();
    this.#out.write(`${text}\n`);
    this.#typing?.prompt(true);
  }

  #word(line: { caller: number; since: number; entry: Entry<'hears'> }): void {
    const { text, from } = line.entry;
    const columns = (this.#out.columns || WIDTH) - MARGIN;
    const isAfterwards = from > this.#clearedAt - FRAME_MS;
    const isFull = this.#words.length + text.length > columns;
    if (isAfterwards || isFull || from - this.#lastAt > PAUSE_MS) this.#finishLine();
    if (isAfterwards) this.#clearedAt = Number.POSITIVE_INFINITY;
    this.#lastAt = from;
    const isNew = this.#words === '';
    const whole = isNew ? text : `${this.#words} ${text}`;
    const shown = narrate({ ...line, entry: { ...line.entry, text: isNew ? text : whole } }, TELLING) ?? '';
    if (!this.#typing) this.#out.write(isNew ? shown : ` ${text}`);
    else this.#redraw(shown, isNew);
    this.#words = whole;
  }

  #redraw(shown: string, isNew: boolean): void {
    this.#clear();
    if (!isNew) this.#out.write(`${UP}${CLEAR_LINE}`);
    this.#out.write(`${shown}\n`);
    this.#typing?.prompt(true);
  }

  #finishLine(): void {
    if (this.#words !== '' && !this.#typing) this.#out.write('\n');
    this.#words = '';
  }

  #clear(): void {
    if (this.#typing) this.#out.write(CLEAR_LINE);
  }
}

const TELLING = { crowd: false, xml: false };
export const PROMPT = pc.cyan('> ');
