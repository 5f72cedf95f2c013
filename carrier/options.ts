/** How a carrier is set up. Everything but the account has a default that behaves like the real one. */
import type { HttpTimes } from './http.ts';
import type { Manners } from './phones.ts';
import type { SignatureVersion } from './signature.ts';
import type { StreamFaults } from './stream/faults.ts';
import type { Deliver } from './webhooks.ts';

export interface CarrierOptions {
  /** Loopback port of the REST API; 0 or absent: any free one. */
  port?: number;
  authId: string;
  authToken: string;
  /** Where inbound calls go; can be set later through `carrier.route`. */
  answerUrl?: string;
  hangupUrl?: string;
  fallbackUrl?: string;
  /** When given, a `<Dial>` or an outbound call must show one of these numbers as its caller ID. */
  ownedNumbers?: string[];
  /** Carrier seconds per real second. HTTP is always real. Default 1. */
  speed?: number;
  /** Which signatures webhooks carry; default `both`. A retry gets a fresh nonce unless `retryNonce` is `same`. */
  sign?: SignatureVersion;
  retryNonce?: 'fresh' | 'same';
  /** How phones behave, by number; `any` is everybody else. Default: answer after 2 s and talk 10 s. */
  phones?: Manners;
  /** Seed of every random choice, so that a random scenario can be repeated. */
  seed?: number;
  http?: Partial<HttpTimes>;
  /** Stands between the carrier and the application: duplicate, delay, reorder or lose webhooks. */
  deliver?: Deliver;
  /** A status (402, 429 ...) makes the REST request fail with it. */
  refuse?: (method: string, path: string) => number | undefined;
  /** What goes wrong with every stream; a caller's script may say otherwise for its own. */
  stream?: StreamFaults;
  /** Vobiz's documentation says both: a `<Gather>` without input goes on, or posts empty digits. */
  gatherNoInput?: 'continue' | 'post_empty';
  /** When `<Record action>` is requested. Vobiz: near the start; its older examples: at the end. */
  recordAction?: 'start' | 'end';
  /** Whether a `confirmKey` must really be pressed before the bridge; unverified on Vobiz. Default true. */
  enforceConfirmKey?: boolean;
}
