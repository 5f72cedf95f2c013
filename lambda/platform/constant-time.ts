/** Comparing secrets without telling by the time it takes how much of a guess was right. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Equal texts. Digests are compared, so neither content nor length shows in the timing. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Whether the `?key=` of an entry URL is one of the accepted keys (two while a key is being rotated). An empty or
 * missing key is never accepted, on either side. Every accepted key is compared, found or not.
 */
export function keyMatches(given: string | undefined, accepted: readonly (string | undefined)[]): boolean {
  if (!given) return false;
  return accepted.filter(key => key && sameText(given, key)).length > 0;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
