/**
 * Ready-made interceptors: what a network does to webhooks on a bad day. Give one to `deliver`, or several
 * through `faults`, the first outermost.
 */
import type { Deliver, Webhook } from './webhooks.ts';

export type Which = (webhook: Webhook) => boolean;

const every: Which = () => true;

/** Delivers each chosen webhook twice; the carrier acts on the second answer. */
export function duplicate(which: Which = every): Deliver {
  return async (webhook, send) => {
    if (which(webhook)) await send();
    return send();
  };
}

/** Loses the chosen webhooks: they never arrive, and the carrier sees no answer. */
export function lose(which: Which): Deliver {
  return async (webhook, send) => (which(webhook) ? undefined : send());
}

/** Delivers the chosen webhooks `ms` real milliseconds late. */
export function delay(ms: number, which: Which = every): Deliver {
  return async (webhook, send) => {
    if (which(webhook)) await new Promise(resolve => setTimeout(resolve, ms));
    return send();
  };
}

/** Holds the `early` callback of a call back until its `late` one has arrived. Only callbacks can be held. */
export function swap(early: Which, late: Which): Deliver {
  const held = new Map<string, () => Promise<unknown>>();
  return async (webhook, send) => {
    if (early(webhook) && !held.has(webhook.call)) {
      held.set(webhook.call, send);
      return undefined;
    }
    const reply = await send();
    if (late(webhook)) await held.get(webhook.call)?.();
    return reply;
  };
}

/** All of `delivers` on every webhook, the first outermost. */
export function faults(...delivers: Deliver[]): Deliver {
  return (webhook, send) =>
    delivers.reduceRight<typeof send>(
      (inner, deliver) => async changed => {
        const reply = await deliver(webhook, more => inner({ ...changed, ...more }));
        return (
          reply ?? {
            status: 0,
            contentType: '',
            body: '',
            bytes: new Uint8Array(),
            problem: 'lost on the way',
          }
        );
      },
      send,
    )();
}
