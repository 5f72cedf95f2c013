/** Saves an example's flows and what they lead to through the App API, and takes away afterwards what was not there before. */
import { askApi, findInApi } from '../api.ts';
import { leadNumber } from '../lead-number.ts';
import type { Stack } from '../stack.ts';
import { cancelCallbacks, openCallbacks, remove, undoAll } from './clear.ts';
import { type Example, idOf, readFlow } from './example.ts';

/** The number that leads to the example while it is shown. */
export const LINE = '+918071230043';

export interface Warning {
  field: string;
  message: string;
}

/** Resolves with what the stack warns of, and with the way back. */
export async function prepare(
  stack: Stack,
  example: Example,
  systems: string,
): Promise<{ warnings: Warning[]; clear: () => Promise<void> }> {
  const undo: (() => Promise<void>)[] = [];
  const clear = () => undoAll(undo);
  try {
    for (const [id, choices] of Object.entries(example.queues)) {
      await setUp(stack, `/queues/${encodeURIComponent(id)}`, choices, undo);
      const before = await openCallbacks(stack, id);
      undo.push(() => cancelCallbacks(stack, id, before));
    }
    for (const [id, choices] of Object.entries(example.assistants))
      await setUp(stack, `/assistants/${encodeURIComponent(id)}`, choices, undo);
    for (const name of example.flows) await save(stack, name, systems, undo);
    const { warnings } = await save(stack, example.name, systems, undo);
    undo.push(await leadNumber(stack, LINE, { flow: idOf(example.name) }));
    return { warnings, clear };
  } catch (error) {
    await clear();
    throw error;
  }
}

type Undo = (() => Promise<void>)[];

/** What is there already stays as it is. */
async function setUp(stack: Stack, path: string, choices: object, undo: Undo): Promise<void> {
  if (await findInApi(stack, path)) return;
  await askApi(stack, 'PUT', path, choices);
  undo.push(() => remove(stack, path));
}

async function save(
  stack: Stack,
  name: string,
  systems: string,
  undo: Undo,
): Promise<{ warnings: Warning[] }> {
  const path = `/flows/${idOf(name)}`;
  const saved = await askApi<{ warnings: Warning[] }>(stack, 'PUT', path, readFlow(name, systems));
  undo.push(() => remove(stack, path));
  return saved;
}
