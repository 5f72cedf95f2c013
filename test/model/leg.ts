/** What the carrier knows of one caller: a leg that obeys documents, makes requests and can be moved. */

import type { NewCall } from '../../lambda/vobiz/rest.ts';
import type { CarrierRequest } from './product.ts';
import type { Verb } from './xml.ts';

export interface Ring {
  action: string;
  callbackUrl: string;
  numbers: string[];
  /** Epoch ms. */
  until: number;
}

export interface Leg {
  id: string;
  from: string;
  to: string;
  /** `called`: its own phone rings, because the product wants it. */
  phase: 'called' | 'requesting' | 'listening' | 'ringing' | 'talking' | 'recording' | 'gone';
  /** The request that brings the next document. */
  request: CarrierRequest | undefined;
  /** Grows when a transfer moves the leg: answers to older requests then count for nothing. */
  moves: number;
  /** The move during which a request is under way. */
  flying: number | undefined;
  /** Attempts at the request so far. */
  tries: number;
  /** What is left of the document. */
  verbs: Verb[];
  ring: Ring | undefined;
  recording: string | undefined;
  agent: string | undefined;
  /** What really happened, for the end of the story. */
  talked: boolean;
  messageLeft: boolean;
  /** Of a leg that the product has placed. */
  placed: Placed | undefined;
}

export interface Placed {
  /** The call of the product. */
  call: string;
  callee: string;
  answerUrl: string;
  hangupUrl: string;
  /** Epoch ms. */
  until: number;
}

export function placedLeg(id: string, order: NewCall, now: number): Leg {
  const leg = newLeg(id, order.from, order.to, order.answerUrl);
  const call = new URL(order.answerUrl).searchParams.get('call') ?? '';
  const { to: callee, answerUrl, hangupUrl, ringTimeoutSecs = 60 } = order;
  const placed = { call, callee, answerUrl, hangupUrl, until: now + ringTimeoutSecs * 1000 };
  return { ...leg, phase: 'called', request: undefined, placed };
}

export function newLeg(id: string, from: string, to: string, answerUrl: string): Leg {
  const leg: Leg = {
    id,
    from,
    to,
    phase: 'requesting',
    request: undefined,
    moves: 0,
    flying: undefined,
    tries: 0,
    verbs: [],
    ring: undefined,
    recording: undefined,
    agent: undefined,
    talked: false,
    messageLeft: false,
    placed: undefined,
  };
  leg.request = requestOf(leg, answerUrl, { Event: 'StartApp', CallStatus: 'ringing' });
  return leg;
}

/** The carrier strips the plus from numbers. */
export function requestOf(
  { id, from, to }: Pick<Leg, 'id' | 'from' | 'to'>,
  url: string,
  fields: Record<string, string> = {},
): CarrierRequest {
  return {
    url,
    fields: { CallUUID: id, From: from.slice(1), To: to.slice(1), Direction: 'inbound', ...fields },
  };
}

/** A request is to be made and none is under way. */
export const canAsk = (leg: Leg) =>
  leg.phase === 'requesting' && leg.request !== undefined && leg.flying !== leg.moves;
