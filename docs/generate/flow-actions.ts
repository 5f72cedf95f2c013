/** The table of actions, from the registry. */
import * as z from 'zod/mini';
import { type ActionType, isRefused, type RefusedAction } from '../../lambda/flow/action.ts';
import { ACTIONS } from '../../lambda/flow/registry.ts';
import { type Field, optionText } from './option-text.ts';

export function flowActions(): string {
  const running = ACTIONS.filter((entry): entry is ActionType => !isRefused(entry));
  const refused = ACTIONS.filter(isRefused);
  return `${INTRODUCTION}
## Actions that run

${table(['action', 'options', 'what it does on Vobiz', 'what is different from VoIPBin’s documentation'], running.map(rowOf))}

## Actions that are refused

A flow that has one of them is not saved; the answer says why.

${table(
  ['action', 'why'],
  refused.map(({ type, refused: why }: RefusedAction) => [code(type), why]),
)}
`;
}

const INTRODUCTION = `# Actions of flows

Written by \`npm run docs\` from \`lambda/flow/registry.ts\`; change an action there. What flows are, how they are saved and
what their variables are is said in [flows.md](flows.md).

Options in **bold** are needed. After \`=\` stands what counts when an option is left out. Any text may hold variables:
\`\${voipbin.call.source.target}\`. Durations are in the unit that VoIPBin documents for the option.

Every action may also have \`id\`, \`next_id\` (where the flow goes on instead of the next action) and
\`on_error_target_id\` (where it goes when the action fails). A failed action without one is passed over, unless its row
says *falls back*: then the caller hears an apology and goes to the flow’s fallback.
`;

function rowOf(entry: ActionType): string[] {
  const { type, does, differs = '', needs, onFailure } = entry;
  const notes = [
    onFailure === 'fall_back' ? '*Falls back.*' : '',
    needs === 'nothing' ? '*Also without a caller on the line.*' : '',
  ];
  return [code(type), optionsOf(entry), [does, ...notes].filter(Boolean).join(' '), differs];
}

function optionsOf({ option }: ActionType): string {
  const schema = z.toJSONSchema(option, { io: 'input' }) as Field;
  const needed = schema.required ?? [];
  return Object.entries(schema.properties ?? {})
    .map(([name, field]) => optionText(name, field, needed.includes(name)))
    .join('<br>');
}

const code = (text: string) => `\`${text}\``;

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.map(cell).join(' | ')} |`).join('\n');

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\n/g, ' ');
