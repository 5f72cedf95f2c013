/**
 * As many conversations as this machine bears through the whole local stack: each function in worker threads, the
 * tables on the local engine, all of AWS over HTTP. More each time, until turns become slow or frames are lost. What
 * a turn takes is told by the caller's ear here, so the way back to it and up to a frame are included.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '../../carrier/index.ts';
import type { Doubles } from '../../doubles/start.ts';
import { METRICS } from '../../lambda/platform/names.ts';
import { type AssistantStage, openAssistantStage } from '../../test/support/assistant-stage.ts';
import { percentile, print } from '../report.ts';
import {
  allHeard,
  type Caller,
  delays,
  gather,
  hangUp,
  minutesOf,
  questions,
  SHORT_REPLY,
  transcriptsOf,
} from './callers.ts';
import { between, type Counted, costFigures } from './cost.ts';

const STEPS = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64];
const TURNS = 3;
const SLOW_MS = 1000;
/** Of all frames; fewer are hardly heard. */
const LOST_SHARE = 0.01;
/** Twice what the turns take where nothing is slow. */
const STEP_MS = 14_000;
/** No step begins after this. */
const PATIENCE_MS = 45_000;

type Assistant = Awaited<ReturnType<AssistantStage['openAssistant']>>;

interface Step {
  callers: number;
  /** What each took; infinite without an answer. */
  turns: number[];
  counted: Counted;
  lost: number;
}

export async function benchHost(): Promise<void> {
  const lost = { frames: 0 };
  const output = (_name: string, _stream: string, text: string) => {
    for (const [, frames] of text.matchAll(LOST_FRAMES)) lost.frames += Number(frames);
  };
  const stage = await openAssistantStage({ host: { output, instances: { session: 64 } } });
  const steps = await climb(stage, lost).finally(stage.close);
  const most = steps.findLast(isBorne);
  const limit = steps.every(isBorne) ? 'borne, more was not tried' : 'the most that is borne';
  for (const step of steps) printStep(step, step === most ? limit : isBorne(step) ? 'borne' : 'too many');
  if (most) print(`The same ${most.callers}, counted; of DynamoDB all of it`, costFigures(most.counted));
}

/** What was too much is tried once more: another program may have had the machine. */
async function climb(stage: AssistantStage, lost: { frames: number }): Promise<Step[]> {
  stage.doubles.script({ rules: [SHORT_REPLY] });
  const assistant = await stage.openAssistant({ greeting: 'Hello.' });
  const attempt = async (callers: number): Promise<Step> => {
    const before = lost.frames;
    const talked = await talk(stage, assistant, callers);
    return { ...talked, lost: lost.frames - before };
  };
  const steps: Step[] = [];
  const began = performance.now();
  for (const callers of STEPS) {
    const first = await attempt(callers);
    const step = isBorne(first) ? first : await attempt(callers);
    steps.push(step);
    if (!isBorne(step) || performance.now() - began > PATIENCE_MS) break;
  }
  return steps;
}

const LOST_FRAMES = new RegExp(`"(?:${METRICS.framesConcealed}|${METRICS.framesLost})":\\[(\\d+)\\]`, 'g');

async function talk(
  stage: AssistantStage,
  assistant: Assistant,
  callers: number,
): Promise<Omit<Step, 'lost'>> {
  const before = countsOf(stage, 0);
  const talking = await gather(callers, questions(TURNS), assistant.call);
  const answers = talking.map(caller => answered(caller, stage.doubles));
  await Promise.race([allHeard(talking, 1 + TURNS), pause(STEP_MS)]);
  await hangUp(talking);
  await stage.product.settled();
  const counted = between(before, countsOf(stage, minutesOf(talking)));
  const turns = answers.flatMap(measured => measured());
  const unanswered = Array<number>(Math.max(0, callers * TURNS - turns.length)).fill(Infinity);
  return { callers, turns: [...turns, ...unanswered], counted };
}

const isBorne = ({ turns, lost, counted }: Step) =>
  percentile(turns, 0.95) <= SLOW_MS && lost <= LOST_SHARE * counted.inbound;

function countsOf({ product }: AssistantStage, minutes: number): Counted {
  const { received, sent, functions } = product.usage();
  const { invocations = 0 } = functions[product.nameOf('function', 'stream')] ?? {};
  return { minutes, inbound: received, outbound: sent, invocations, ...product.dynamo.capacity() };
}

/** Gives, once the call is over, what each answer took until the caller heard it. */
function answered(caller: Caller, { requests }: Doubles): () => number[] {
  const heardAt: { at: number }[] = [];
  void noteSounds(caller.call, heardAt);
  return () => delays(transcriptsOf(requests, caller).finals, heardAt);
}

async function noteSounds({ ear, line }: Call, heardAt: { at: number }[]): Promise<void> {
  while (!line.aborted) {
    const next = ear.sounds.length + 1;
    await ear.until(() => ear.sounds.length >= next, line).catch(() => undefined); // the call is over
    heardAt.push({ at: Date.now() });
  }
}

function printStep({ callers, turns, lost, counted }: Step, verdict: string): void {
  const budget = { name: 'the most', value: SLOW_MS };
  const answered = turns.filter(Number.isFinite).length;
  print(
    `${callers} at once through the local host, ${answered} of ${turns.length} turns answered: ${verdict}`,
    [
      { what: 'final transcript → heard, p50', value: percentile(turns, 0.5), unit: 'ms', against: budget },
      { what: 'final transcript → heard, p95', value: percentile(turns, 0.95), unit: 'ms', against: budget },
      {
        what: 'frames lost or given up',
        value: lost,
        unit: '',
        against: { name: 'the most', value: LOST_SHARE * counted.inbound },
      },
    ],
  );
}
