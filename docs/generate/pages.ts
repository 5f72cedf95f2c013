/** Pages that are written by a program, by their file in `docs/`. */
import { flowActions } from './flow-actions.ts';
import { flowExamples } from './flow-examples.ts';

export const PAGES: Readonly<Record<string, () => string>> = {
  'flow-actions.md': flowActions,
  'flow-examples.md': flowExamples,
};
