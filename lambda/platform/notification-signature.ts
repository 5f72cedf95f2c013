/**
 * Whatever we send to customers' endpoints is signed as Standard Webhooks prescribes, so that the receiver can tell
 * who sent it with any library for it.
 */
import { createHmac } from 'node:crypto';

/**
 * The secret that receivers verify with, `whsec_` and base64. It is derived from the webhook key, which it does not
 * reveal: who may check a notification may not call a webhook.
 */
export function notificationSecret(webhookKey: string): string {
  const key = createHmac('sha256', webhookKey).update('switchboard notifications v1').digest('base64');
  return `whsec_${key}`;
}

/** @param id stays the same when the same news is sent again @param now epoch ms */
export function signatureHeaders(
  webhookKey: string,
  { id, body }: { id: string; body: string },
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(notificationSecret(webhookKey).replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
