/**
 * A caller in a flow, told event by event. At each step the state goes through JSON, as in the store; the event is told
 * once more, which must change nothing; and the document must be one that the carrier takes.
 */
import { expect } from 'vitest';
import { documentOf } from '../../lambda/flow/document.ts';
import type { Effect } from '../../lambda/flow/effect.ts';
import type { FlowEvent } from '../../lambda/flow/event.ts';
import type { Action, Flow } from '../../lambda/flow/flow.ts';
import { type Stepped, start, step } from '../../lambda/flow/run.ts';
import type { FlowState } from '../../lambda/flow/state.ts';
import type { Verb } from '../../lambda/flow/verb.ts';
import { render } from '../../lambda/vobiz/xml.ts';

/** A Wednesday, noon in UTC. */
export const NOON = Date.UTC(2026, 2, 4, 12, 0);

type Untimed<E> = E extends { step: number } ? Omit<E, 'step'> : E;
export type Told = Untimed<FlowEvent>;

export const CALLER: Record<string, string> = {
  'voipbin.call.id': 'call-1',
  'voipbin.call.status': 'ringing',
  'voipbin.call.source.target': '+15550001111',
  'voipbin.call.destination.target': '+15552223333',
};

export const flowOf = (actions: Action[], more: Partial<Flow> = {}): Flow => ({
  id: 'main',
  version: 1,
  name: 'Main',
  actions,
  ...more,
});

interface Setting {
  library?: Flow[];
  variables?: Record<string, string>;
  onCall?: boolean;
  completes?: number;
  now?: number;
}

export class Line {
  state: FlowState;
  verbs: Verb[] = [];
  effects: Effect[] = [];
  readonly library: Flow[];
  now: number;

  constructor(
    flow: Flow,
    { library = [], variables = {}, onCall = true, completes = 0, now = NOON }: Setting = {},
  ) {
    this.library = [flow, ...library];
    this.now = now;
    const beginning = { variables: { ...CALLER, ...variables }, on_call: onCall, completes };
    this.state = this.take(start(flow, beginning, now));
  }

  readonly find = (id: string, version: number): Flow | undefined =>
    this.library.find(flow => flow.id === id && flow.version === version);

  /** The event answers the present step. */
  tell(told: Told, ms = 1000): this {
    this.now += ms;
    const event = { step: this.state.step, ...told } as FlowEvent;
    const before = JSON.stringify(this.state);
    const stepped = step(this.find, JSON.parse(before), event, this.now);
    expect(stepped.taken, `${told.type} while waiting for ${this.state.wait?.for}`).toBe(true);
    expect(JSON.stringify(this.state)).toBe(before);
    this.state = this.take(stepped);
    this.ignores(event);
    return this;
  }

  ignores(event: FlowEvent): this {
    if (event.type === 'hung_up' && this.state.wait) return this;
    const again = step(this.find, this.state, event, this.now + 1);
    expect(again).toMatchObject({ taken: false, verbs: [], effects: [] });
    expect(again.state).toBe(this.state);
    return this;
  }

  /** The flow that was asked for is found, or not. */
  load(): this {
    const wanted = this.effects.find(effect => effect.do === 'load_flow');
    const found = this.library.find(({ id, name }) => id === wanted?.flow || name === wanted?.flow);
    return this.tell({
      type: 'flow_loaded',
      ...(found && { flow: { id: found.id, version: found.version } }),
    });
  }

  get waits(): string | undefined {
    return this.state.wait?.for;
  }

  get spoken(): string[] {
    return this.verbs.flatMap(said);
  }

  get path(): string[] {
    return this.state.path.map(({ action, type }) => (/^\d+$/.test(action) ? type : action));
  }

  variable(name: string): string | undefined {
    return this.state.variables[name];
  }

  effect<T extends Effect['do']>(what: T): Extract<Effect, { do: T }> {
    const found = this.effects.filter(one => one.do === what);
    expect(found, `effects: ${this.effects.map(one => one.do)}`).toHaveLength(1);
    return found[0] as Extract<Effect, { do: T }>;
  }

  get xml(): string {
    return xmlOf(this.verbs, this.state);
  }

  private take(stepped: Stepped): FlowState {
    const { state } = stepped;
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    expect(stepped.waiting).toBe(state.wait);
    expect(state.wait === undefined).toBe(state.stack.length === 0);
    this.verbs = stepped.verbs;
    this.effects = stepped.effects;
    expect(xmlOf(stepped.verbs, state)).toContain('<Response>');
    return state;
  }
}

export const xmlOf = (verbs: Verb[], state: FlowState): string =>
  render(
    documentOf(verbs, state.wait, {
      link: to => `${to === 'transcription' ? 'wss' : 'https'}://switchboard.test/${to}?step=${state.step}`,
      callerId: '',
    }),
  );

function said(verb: Verb): string[] {
  if (verb.verb === 'speak') return [verb.text];
  return verb.verb === 'gather' ? verb.prompts.flatMap(said) : [];
}
