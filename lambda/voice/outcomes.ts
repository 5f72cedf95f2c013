/**
 * The end of a conversation to which a flow has sent the caller: whatever ends it, the call goes back there, with a
 * status. That is an outcome which the model chose among those on offer, or a word for how it ended.
 */
import type { Departure } from './conversation.ts';
import type { ToolDeclaration } from './providers/provider.ts';

/** The tool that names an outcome. */
export const FINISH: string = 'finish';

type Ended = Exclude<Departure, { to: 'flow' }>['reason'];

const STATUS = {
  done: 'completed',
  asked: 'transfer',
  key: 'transfer',
  silence: 'timeout',
  limit: 'timeout',
  failed: 'error',
} as const satisfies Record<Ended, string>;

/** Words that say how a conversation ended, which nobody has to choose. */
const RESERVED: readonly string[] = [...Object.values(STATUS), 'hangup'];

/** What the model may choose from. @param outcomes all that the flow tells apart */
export const onOffer = (outcomes: string[]): string[] => outcomes.filter(one => !RESERVED.includes(one));

type ToFlow = Extract<Departure, { to: 'flow' }>;

export function backToFlow(departure: Departure): ToFlow {
  if (departure.to === 'flow') return departure;
  const { reason } = departure;
  return {
    to: 'flow',
    reason,
    status: STATUS[reason],
    ...('detail' in departure && { detail: departure.detail }),
    ...('note' in departure && departure.note !== undefined && { note: departure.note }),
  };
}

export const finishTool = (outcomes: string[]): ToolDeclaration => ({
  name: FINISH,
  description:
    'End this conversation as soon as it is clear what it has come to; the call then goes on accordingly. Use it instead of end_call.',
  parameters: {
    type: 'object',
    properties: {
      outcome: { type: 'string', enum: outcomes, description: 'What the conversation has come to.' },
    },
    required: ['outcome'],
  },
});

/** @returns the outcome on offer that is meant, if there is one */
export function chosenOf(given: unknown, outcomes: string[]): string | undefined {
  if (typeof given !== 'string') return undefined;
  const plain = (text: string) => text.trim().toLowerCase();
  return outcomes.find(one => one === given) ?? outcomes.find(one => plain(one) === plain(given));
}
