/**
 * A small Vobiz: it calls an application's webhooks, plays the XML that they answer, rings phones and serves
 * the REST API, from its own reading of Vobiz's documents and captures.
 */
import type { Call } from './call.ts';
import type { CallerScript } from './caller.ts';
import { HANGUP } from './hangup.ts';
import { placeInbound } from './inbound.ts';
import { Network, type Route } from './network.ts';
import type { CarrierOptions } from './options.ts';
import type { Manners, Phones } from './phones.ts';
import { startServer } from './server.ts';

export type { Call } from './call.ts';
export type { CallerScript, Cue } from './caller.ts';
export type { CarrierOptions } from './options.ts';
export type { Manner, Manners } from './phones.ts';
export type { Entry, Event, Story } from './story.ts';
export type { StreamFaults } from './stream/faults.ts';
export type { Heard } from './voice/ear.ts';
export type { Say } from './voice/says.ts';
export type { Deliver, Webhook } from './webhooks.ts';

export interface Carrier {
  /** `http://127.0.0.1:<port>`; the REST base is this and `/api/v1`. */
  url: string;
  /** Every call since the start, by its UUID. */
  calls: ReadonlyMap<string, Call>;
  phones: Phones;
  now(): number;
  /** Sends inbound calls to another application from now on. */
  route(route: Route): void;
  /** Changes how phones behave from now on. */
  teach(manners: Manners): void;
  /** Somebody calls. `done` resolves when the call is over and its last webhook delivered. */
  call(script: CallerScript): { call: Call; done: Promise<void> };
  /** Ends all calls, waits for their last webhooks and closes the server. */
  stop(): Promise<void>;
}

/** Starts a carrier on a loopback port. Rejects when the port is taken or the options make no sense. */
export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
  const network = new Network(options);
  const running = new Set<Promise<void>>();
  const track = (done: Promise<void>) => {
    running.add(done);
    return done.finally(() => running.delete(done));
  };
  const server = await startServer(network, track, options.port ?? 0);
  network.url = server.url;
  return {
    url: server.url,
    calls: network.calls,
    phones: network.phones,
    now: () => network.clock.now(),
    route: route => {
      network.route = route;
    },
    teach: manners => network.phones.teach(manners),
    call: script => {
      const { call, run } = placeInbound(network, script);
      return { call, done: track(run()) };
    },
    stop: async () => {
      for (const call of network.calls.values()) call.hangUp(HANGUP.byApi);
      await Promise.all(running);
      await server.close();
    },
  };
}
