/**
 * What an action type is. Each file of `actions/` defines one, and the registry lists them; options, validation, JSON
 * Schema and documentation are all derived from what stands there.
 */
import type * as z from 'zod/mini';
import type { FlowEvent } from './event.ts';
import { isTarget } from './flow.ts';
import type { Moment, Next } from './moment.ts';
import type { Wait } from './state.ts';

/** What an option needs that stands elsewhere, and where in the option it says so. */
export interface Reference {
  /** `id` is an id, that of a flow may be a name; a URL that we shall call; or a setting of the deployment. */
  kind: 'flow' | 'queue' | 'assistant' | 'address' | 'setting';
  path: string;
  id: string;
}

/** The text of a variable as it may stand in an option, given that option's own text. */
export type Escape = (value: string, template: string, option: Record<string, unknown>) => string;

export interface Definition<S extends z.ZodMiniType> {
  type: string;
  /** What it does on Vobiz, in a sentence or two. */
  does: string;
  /** Where that is not what VoIPBin's documentation says. */
  differs?: string;
  /** `call`: only with a caller on the line; elsewhere it is passed over, and the path says so. */
  needs: 'call' | 'nothing';
  /** What a failure without an error target leads to. */
  onFailure: 'go_on' | 'fall_back';
  option: S;
  /** The option that holds the actions of another call. */
  inner?: string;
  /** Options in which `${...}` is left as it stands. */
  verbatim?: readonly string[];
  /** Options in which a variable's text must be escaped. */
  escapes?: Readonly<Record<string, Escape>>;
  /** Ids of actions that the option names, by their path within it. */
  targets?(option: z.output<S>): Record<string, string>;
  references?(option: z.output<S>): Reference[];
  begin(moment: Moment, option: z.output<S>): Next;
  /** The event that it waits for has come. */
  resume?(moment: Moment, option: z.output<S>, event: FlowEvent, wait: Wait): Next;
  /** What its result variables shall say when it fails, its option unreadable or its effect not to be had. */
  failed?(moment: Moment): void;
}

export type ActionType = Definition<z.ZodMiniType>;

/** An action of VoIPBin's that no flow can be saved with. */
export interface RefusedAction {
  type: string;
  /** Why Vobiz, or a serverless contact centre on it, cannot do it. */
  refused: string;
}

/** An action type, its option's type forgotten: `run.ts` hands it only what its own schema has read. */
export function action<S extends z.ZodMiniType>(definition: Definition<S>): ActionType {
  return definition as unknown as ActionType;
}

/** Those of an option's targets that name an action. */
export const named = (targets: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(targets).flatMap(([path, id]): [string, string][] => (isTarget(id) ? [[path, id]] : [])),
  );

export const isRefused = (entry: ActionType | RefusedAction): entry is RefusedAction => 'refused' in entry;
