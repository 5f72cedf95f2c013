/** Trying a flow out: events in; the path, the carrier's XML and the effects out. Nothing is called, rung or stored. */
import * as z from 'zod/mini';
import { ofCall, ofFlow } from '../call/first-variables.ts';
import { eventSchema } from '../flow/event.ts';
import { FLOW_OUTCOMES } from '../flow/state.ts';
import { iso, moment, named, slug, time } from './fields.ts';
import { firstVariables } from './first-variables.ts';
import { pathSchema, pathView, waitingView } from './flow-path.ts';
import { knownFlow, knownVersion } from './known-flow.ts';
import { operation } from './operation.ts';
import { invalid } from './problem.ts';
import { type Later, type Played, simulate } from './simulation.ts';

const MOST_EVENTS = 100;
/** Lambda answers with 6 MB at most. */
const LARGEST_ANSWER = 5_000_000;

/** Later times have another form. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const after_secs = z._default(z.number().check(z.minimum(0), z.maximum(86_400)), 0);

/** As flows are told them, without the step. */
const [first, ...others] = eventSchema.def.options.map(({ def: { shape } }) => {
  const { step: _, ...brought } = shape as typeof shape & { step?: unknown };
  return z.strictObject({ ...brought, after_secs });
});
const kinds = eventSchema.def.options.flatMap(({ def }) => def.shape.type.def.values);
const laterSchema = z.discriminatedUnion('type', [first, ...others] as never, {
  error: `must be one of ${kinds.join(', ')}`,
}) as unknown as z.ZodMiniType<Later>;

const request = named(
  'Simulation',
  z.strictObject({
    version: z.optional(z.int().check(z.minimum(1))),
    variables: z.optional(firstVariables),
    now: z.optional(moment),
    on_call: z.optional(z.boolean()),
    events: z.optional(z.array(laterSchema).check(z.maxLength(MOST_EVENTS))),
  }),
);

const answer = named(
  'Simulated',
  z.strictObject({
    flow: z.string(),
    version: z.int(),
    steps: z.array(
      z.strictObject({
        event: z.nullable(z.looseObject({ type: z.string() })),
        at: time,
        taken: z.boolean(),
        path: z.array(pathSchema),
        document: z.nullable(z.string()),
        effects: z.array(z.looseObject({ id: z.string(), do: z.string() })),
        waiting_for: z.nullable(z.string()),
      }),
    ),
    outcome: z.nullable(z.enum(FLOW_OUTCOMES)),
    fell_back: z.nullable(z.string()),
    variables: z.record(z.string(), z.string()),
  }),
);

/** Numbers that nobody has. */
const STAND_IN = {
  id: 'simulated-call',
  direction: 'inbound',
  from: '+12025550100',
  to: '+12025550199',
} as const;

export const simulateFlow = operation({
  id: 'simulateFlow',
  summary: 'Play a flow through with events of your choice',
  description:
    'The newest version, unless you name one, at the moment `now`, with a caller on the line unless `on_call` is false: an incoming call from +12025550100 to +12025550199, as the variables of the call say where you give no others. Each event comes `after_secs` after the one before. For each step the answer has the path, the document for the carrier, the effects and what the flow waits for. Nothing is called, rung or stored; other flows are found as on a call.',
  path: z.strictObject({ id: slug }),
  body: request,
  bodyMayMiss: true,
  answers: { 200: answer },
  problems: [404],
  async handle(context, { path: { id }, body }) {
    const head = await knownFlow(context, id);
    const { flow } = await knownVersion(context, head, body.version ?? head.newest);
    const { now = context.now(), on_call = true, events = [] } = body;
    const variables = { ...ofCall(STAND_IN), ...ofFlow(STAND_IN, flow.id), ...body.variables };
    const until = events.reduce((at, { after_secs }) => at + after_secs * 1000, now);
    if (until > LATEST)
      throw invalid([{ field: 'now', message: 'must leave time for all events before the year 10000' }]);
    const played = await simulate(context, flow, { variables, now, on_call, events });
    const { outcome, fell_back, variables: left } = (played.at(-1) ?? played[0]).state;
    const simulated = {
      flow: flow.id,
      version: flow.version,
      steps: played.map(stepView),
      outcome: outcome ?? null,
      fell_back: fell_back?.why ?? null,
      variables: left,
    };
    if (JSON.stringify(simulated).length > LARGEST_ANSWER)
      throw invalid([{ field: 'events', message: 'lead to more than can be answered at once; send fewer' }]);
    return { status: 200, body: simulated };
  },
});

const stepView = ({ event, at, taken, path, document, effects, state }: Played) => ({
  event: event ?? null,
  at: iso(at),
  taken,
  path: path.map(pathView),
  document: document ?? null,
  effects: effects.map(effectView),
  waiting_for: waitingView(state),
});

/** A new call gets the variables of this one, which the answer has at its end. */
function effectView(effect: Played['effects'][number]) {
  const { variables: _, ...rest } = { variables: undefined, ...effect };
  return rest;
}
