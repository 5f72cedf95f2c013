/** `npm run fuzz -- [how many] [first seed]`: spoilt flows and events, a million unless told; stops at the first fault. */
import { trials } from './trial.ts';

const [count = 1_000_000, first = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const began = performance.now();
const { wrong, right, events, refusedEvents } = trials(first, count);
const secs = (performance.now() - began) / 1000;
console.log(
  `${count} flows from seed ${first}: ${wrong} found wrong, ${right} found right; ${events} events, ` +
    `${refusedEvents} of them refused. No uncaught error. ${secs.toFixed(0)} s, ${Math.round(count / secs)} a second.`,
);
