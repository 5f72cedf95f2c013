/** Shows an example on a stack: first the moments that it is tried out at, then its calls, one after the other. */
import { askApi } from '../api.ts';
import { recordOf } from '../assistant/record.ts';
import { colours as pc } from '../colours.ts';
import { conclusion, playOn, type Telling } from '../play.ts';
import type { progressLine } from '../progress.ts';
import { borrowRoster } from '../roster.ts';
import type { Outcome } from '../scenario.ts';
import type { Stack } from '../stack.ts';
import { type Example, idOf, type ShownCall } from './example.ts';
import type { Received, StandIn } from './stand-in.ts';

interface Visited {
  flow: string | null;
  action: string;
  type: string;
  result: string | null;
}

/** What a call leaves to be sent is sent within that. */
const PATIENCE_MS = 5_000;
const POLL_MS = 50;

export class Show {
  readonly #outcomes: Outcome[] = [];
  readonly #differences: string[] = [];

  constructor(
    private readonly stack: Stack,
    private readonly standIn: StandIn,
    private readonly telling: Telling,
    private readonly progress: ReturnType<typeof progressLine>,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves with whether all went as the example says. */
  async all({ name, moments, calls }: Example): Promise<boolean> {
    for (const moment of moments) await this.#moment(name, moment);
    for (const call of calls) if (!this.signal.aborted) await this.#call(call);
    this.progress.print(conclusion({ outcomes: this.#outcomes, differences: this.#differences }));
    return this.#differences.length === 0 && !this.signal.aborted;
  }

  async #moment(name: string, { about, at, comes_to }: Example['moments'][number]): Promise<void> {
    const path = `/flows/${idOf(name)}/simulate`;
    const { steps } = await askApi<{ steps: { path: Visited[] }[] }>(this.stack, 'POST', path, { now: at });
    const visited = steps.flatMap(step => step.path);
    this.progress.print(`${pc.cyan('at')}     ${about}: ${pathOf(visited)}`);
    if (!visited.some(({ action }) => action === comes_to))
      this.#differences.push(`At "${about}" the flow does not come to "${comes_to}".`);
  }

  async #call(shown: ShownCall): Promise<void> {
    const { sent, ...scenario } = shown;
    const { about } = scenario;
    this.progress.print(`\n${pc.bold(about)}`);
    const before = this.standIn.received.length;
    const giveBack = await borrowRoster(this.stack, scenario.agents ?? []);
    try {
      const { calls, outcomes, differences } = await playOn(
        this.stack,
        scenario,
        this.telling,
        this.progress,
        this.signal,
      );
      this.#outcomes.push(...outcomes);
      this.#differences.push(...differences.map(difference => `${about} ${difference}`));
      if (!this.signal.aborted) await this.#tellPath(calls[0]);
    } finally {
      await giveBack();
    }
    if (this.signal.aborted) return;
    for (const missing of await this.#missing(sent, before))
      this.#differences.push(`${about} Your systems were never sent "${missing}".`);
  }

  async #tellPath(call: string | undefined): Promise<void> {
    const record = call === undefined ? undefined : await recordOf(this.stack, call);
    if (record?.flow) this.progress.print(`${pc.cyan('path')}   ${pathOf(record.flow.path)}`);
  }

  /** Of what the systems should have been sent since. */
  async #missing(wanted: string[], since: number): Promise<string[]> {
    for (const until = Date.now() + PATIENCE_MS; ; ) {
      const received = this.standIn.received.slice(since);
      const missing = wanted.filter(text => !received.some(one => isAbout(one, text)));
      if (missing.length === 0 || Date.now() > until) return missing;
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }
}

/** `POST /orders gold`: sent there, and its body has that. */
function isAbout({ to, body }: Received, wanted: string): boolean {
  const [method = '', path = '', ...words] = wanted.split(' ');
  return to === `${method} ${path}` && body.includes(words.join(' '));
}

const pathOf = (path: Visited[]): string =>
  path
    .map(({ action, type, result }) => `${nameOf(action, type)}${result ? ` (${result})` : ''}`)
    .join(' > ');

/** An action without an id is known by its place, which says less than its type. */
const nameOf = (action: string, type: string): string => (/^\d+$/.test(action) ? type : action);
