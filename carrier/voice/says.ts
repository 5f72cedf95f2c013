/** One thing that somebody on the line says, and when its moment comes. Times are carrier seconds. */
import type { Range } from '../random.ts';

export interface Say {
  /** Text, spoken in the tones that the doubles understand. */
  text?: string;
  /** A WAV file: mono, 8 or 16 kHz, 16-bit or µ-law. */
  wav?: string;
  /** Keys pressed after that. */
  presses?: string;
  /** Hangs up after that. */
  hangsUp?: boolean;
  /** When: these words were heard on the stream since the step before, in any case. */
  hearing?: string;
  /** When: the other side has answered the step before, and been silent for so many seconds. */
  quiet?: number;
  /** When: so many seconds of the other side were heard since the step before: an interruption. */
  interrupts?: number;
  /** And then so many seconds more. Without any of these: when the other side has been silent for half a second. */
  after?: Range;
}
