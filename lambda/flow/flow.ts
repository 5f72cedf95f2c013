/**
 * A flow as its owner wrote it: VoIPBin's JSON, with optional fields of ours. It never changes once it has a
 * version; a running call keeps the version that it started with.
 */
import * as z from 'zod/mini';

export interface Action {
  /** The owner's, unique within its flow; needed on the targets of jumps only. */
  id?: string | undefined;
  type: string;
  option?: Record<string, unknown> | undefined;
  /** Where the flow goes on, instead of the next action of the list. */
  next_id?: string | undefined;
  /** Ours: where the flow goes on when this action fails. */
  on_error_target_id?: string | undefined;
}

export interface Flow {
  id: string;
  version: number;
  name: string;
  /** Its owner's note. */
  detail?: string | undefined;
  actions: Action[];
  /** The flow that begins when this one has ended, however it ended, without a caller on the line. */
  on_complete_flow_id?: string | undefined;
  /** Ours: where a caller goes whom the flow can take no further. Neither: the queue `default`. */
  fallback_flow_id?: string | undefined;
  fallback_queue_id?: string | undefined;
}

/** Flows by id and version, as the cursor names them. */
export type Flows = (id: string, version: number) => Flow | undefined;

export const LONGEST_FLOW = 500;
/** Bytes of its JSON: an item of the store takes 400 KB. */
export const LARGEST_FLOW = 256 * 1024;
/** Lists and objects within an option; what is nested deeper would exhaust whoever walks through it. */
const DEEPEST_OPTION = 40;
export const TOO_DEEP = 'is nested too deeply';

export const actionSchema = z.strictObject({
  id: z.optional(z.string().check(z.minLength(1), z.maxLength(128))),
  type: z.string().check(z.minLength(1), z.maxLength(64)),
  option: z.optional(z.record(z.string(), z.unknown()).check(z.refine(given => isFlat(given), TOO_DEEP))),
  next_id: z.optional(z.string().check(z.maxLength(128))),
  on_error_target_id: z.optional(z.string().check(z.maxLength(128))),
});

/** The form of a list of actions, without a look into their options. */
export const actionsSchema = z.array(actionSchema).check(z.maxLength(LONGEST_FLOW));

/** What VoIPBin writes for "no action": empty or its zero UUID. */
export const isTarget = (id: string | undefined): id is string =>
  id !== undefined && id !== '' && id !== '00000000-0000-0000-0000-000000000000';

export function isFlat(given: unknown): boolean {
  let level: unknown[] = [given];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST_OPTION) return false;
    level = level
      .filter(one => typeof one === 'object' && one !== null)
      .flatMap(one => Object.values(one as object));
  }
  return true;
}
