/** A line at the bottom of a terminal that shows time going by; nothing at all when the output is no terminal. */
import type { WriteStream } from 'node:tty';
import { colours as pc } from './colours.ts';

const EVERY_MS = 200;
const CLEAR_LINE = '\r\x1b[2K';

export function progressLine(out: NodeJS.WriteStream | WriteStream, wanted: boolean, speed: number) {
  const shown = wanted && Boolean(out.isTTY);
  let since = Date.now();
  const draw = () => {
    const secs = ((Date.now() - since) / 1000) * speed;
    out.write(`${CLEAR_LINE}${pc.dim(`        ... ${secs.toFixed(0)} s`)}`);
  };
  const timer = shown ? setInterval(draw, EVERY_MS) : undefined;
  const clear = () => void (shown && out.write(CLEAR_LINE));
  return {
    print(text: string) {
      clear();
      out.write(`${text}\n`);
      since = Date.now();
    },
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}
