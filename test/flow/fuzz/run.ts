/** `npm run fuzz -- [how many] [first seed]`: spoilt flows and events, a million unless told; stops at the first fault. */
import { random } from './mutate.ts';
import { type Tally, trial } from './trial.ts';

const [trials = 1_000_000, first = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const tally: Tally = { right: 0, wrong: 0, events: 0, refusedEvents: 0 };
const began = performance.now();

for (let seed = first; seed < first + trials; seed++) {
  try {
    trial(random(seed), tally);
  } catch (error) {
    console.error(`The trial of seed ${seed} failed; npm run fuzz -- 1 ${seed} repeats it.`);
    throw error;
  }
}

const secs = (performance.now() - began) / 1000;
console.log(
  `${trials} flows from seed ${first}: ${tally.wrong} found wrong, ${tally.right} found right; ${tally.events} events, ${tally.refusedEvents} of them refused. No uncaught error. ${secs.toFixed(0)} s, ${Math.round(trials / secs)} a second.`,
);
