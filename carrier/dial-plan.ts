/** A `<Dial>` as its attributes ask for it. */
import type { Call } from './call.ts';
import { flag, method, number } from './elements/element.ts';
import type { XmlElement } from './xml.ts';

export interface DialPlan {
  numbers: string[];
  callerId: string;
  timeoutMs: number;
  limitMs: number;
  hangupOnStar: boolean;
  redirect: boolean;
  action?: string;
  actionMethod: string;
  callbackUrl?: string;
  callbackMethod: string;
  confirmSound?: string;
  confirmKey?: string;
  confirmMs: number;
}

/** Vobiz's effective ring time, the limit of a talk, and Plivo's wait for a confirm key. */
const RING_SECS = 120;
const LIMIT_SECS = 14_400;
const CONFIRM_SECS = 120;

export function readDialPlan(element: XmlElement, call: Call): DialPlan {
  const { action, callbackUrl, confirmSound, confirmKey, callerId } = element.attributes;
  const parties = element.children.filter(({ name }) => name === 'Number' || name === 'User');
  return {
    numbers: parties.length > 0 ? parties.map(({ text }) => text) : [element.text],
    callerId: callerId || call.from,
    timeoutMs: number(call, element, 'timeout', RING_SECS) * 1000,
    limitMs: number(call, element, 'timeLimit', LIMIT_SECS) * 1000,
    hangupOnStar: flag(element, 'hangupOnStar', false),
    redirect: flag(element, 'redirect', true),
    actionMethod: method(element),
    callbackMethod: method(element, 'callbackMethod'),
    confirmMs: number(call, element, 'confirmTimeout', CONFIRM_SECS) * 1000,
    ...(action && { action }),
    ...(callbackUrl && { callbackUrl }),
    ...(confirmSound && { confirmSound }),
    ...(confirmKey && { confirmKey }),
  };
}
