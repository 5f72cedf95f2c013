/** Telephone numbers as the carrier writes them, in one spelling. */

/** Longer than any SIP URI worth keeping. */
const LONGEST = 256;

/**
 * E.164 with the plus, when the text is 8 to 15 digits not starting with 0: the carrier strips the plus in
 * webhooks, and a form decoder may have made a space of it. Anything else (SIP URIs, `anonymous`, short codes)
 * stays as it is, trimmed and at most 256 characters long.
 */
export function phoneNumber(text: string): string {
  const trimmed = text.trim();
  return /^\+?[1-9]\d{7,14}$/.test(trimmed) ? `+${trimmed.replace('+', '')}` : trimmed.slice(0, LONGEST);
}
