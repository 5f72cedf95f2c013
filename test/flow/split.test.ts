/** A flow that is split into flows which it fetches says the same as in one piece: nobody waits for a stored flow. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FlowEvent } from '../../lambda/flow/event.ts';
import type { Action, Flow } from '../../lambda/flow/flow.ts';
import { type Stepped, start, step } from '../../lambda/flow/run.ts';
import { CALLER, flowOf, NOON, xmlOf } from './line.ts';

const say = (text: string): Action => ({ type: 'talk', option: { text } });

const ACTION = fc.constantFrom<Action>(
  say('Hello.'),
  say('x'.repeat(4900)),
  { type: 'beep' },
  { type: 'digits_receive', option: { length: 2 } },
  { type: 'recording_start', option: {} },
  { type: 'recording_stop', option: {} },
  { type: 'transcribe_start', option: {} },
  { type: 'transcribe_stop', option: {} },
  { type: 'conference_join', option: { conference_id: 'room' } },
  { type: 'variable_set', option: { key: 'recording.consent', value: 'yes' } },
  { type: 'connect', option: { destinations: [{ type: 'tel', target: '+15550001111' }] } },
);

const PIECES = fc.array(fc.array(ACTION, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 });

/** What it says, document by document, and the words that were asked before each decision. */
function played(main: Flow, library: Flow[] = []) {
  const flows = (id: string) => [main, ...library].find(flow => flow.id === id);
  const heard: unknown[] = [];
  let stepped = settled(flows, start(main, { variables: CALLER, on_call: true }, NOON));
  while (heard.length < 100) {
    const { state, verbs } = stepped;
    expect(xmlOf(verbs, state)).toContain('<Response>');
    heard.push([verbs, state.wait?.for, state.consent?.words]);
    const event = state.wait && EVENTS[state.wait.for];
    if (!event) return heard;
    stepped = settled(flows, step(flows, state, { ...event, step: state.step } as FlowEvent, NOON));
  }
  throw new Error('The flow has no end.');
}

const EVENTS: Record<string, object> = {
  continued: { type: 'continued' },
  digits: { type: 'digits', digits: '12' },
  dialed: { type: 'dialed', result: 'busy' },
  room_left: { type: 'room_left' },
};

function settled(flows: (id: string) => Flow | undefined, first: Stepped): Stepped {
  let stepped = first;
  for (;;) {
    const { state, effects, verbs } = stepped;
    const wanted = effects.find(({ id }) => id === state.wait?.effect);
    if (wanted?.do !== 'load_flow') return stepped;
    const loaded: FlowEvent = {
      type: 'flow_loaded',
      step: state.step,
      flow: { id: wanted.flow, version: 1 },
    };
    stepped = step(flows, state, loaded, NOON, verbs);
  }
}

test('a flow in pieces', () => {
  fc.assert(
    fc.property(PIECES, pieces => {
      const library = pieces.map((actions, at) => ({ ...flowOf(actions), id: `piece-${at}` }));
      const fetches = library.map(({ id }): Action => ({ type: 'fetch_flow', option: { flow_id: id } }));
      expect(played(flowOf(fetches), library)).toEqual(played(flowOf(pieces.flat())));
    }),
    { numRuns: 200 },
  );
});
