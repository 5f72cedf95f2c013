/** Sounds of somebody who listens: they take no turn. */

/** English, and what is usual on Indian and European lines. Without punctuation, hyphens as spaces. */
const USUAL = [
  'uh huh|uh hu|mm hmm|mm hm|mhm|mmhm|mmhmm|mm|mmm|hm|hmm|hmmm|uh|um|umm|er|ah|oh|aha|yeah|yep|yup|yes|ya|ok|okay',
  'right|all right|alright|sure|fine|good|great|nice|cool|i see|got it|i know|of course|understood|exactly|true',
  'haan|haan ji|han|ji|ji haan|accha|acha|achha|theek hai|thik hai|sahi|hmm ji|हाँ|हां|जी|जी हाँ|हाँ जी|अच्छा|ठीक है|सही|हम्म',
  'sí|si|vale|claro|ya veo|oui|d accord|ouais|voilà|ja|genau|aha ja|gut|sim|tá|certo|va bene',
].flatMap(line => line.split('|'));

/** What somebody says who hears a goodbye: it does not take the goodbye back. */
const PARTING =
  'bye|bye bye|goodbye|good bye|thanks|thank you|thank you very much|thanks a lot|see you|you too|take care|have a nice day|have a good day|dhanyavaad|shukriya|धन्यवाद|शुक्रिया|namaste|नमस्ते|adiós|gracias|merci|au revoir|danke|tschüss|ciao'.split(
    '|',
  );

export const isBackChannel = (text: string, more: string[]): boolean => consistsOf(text, [...USUAL, ...more]);

export const isParting = (text: string, more: string[]): boolean =>
  consistsOf(text, [...USUAL, ...PARTING, ...more]);

/** Words in lower case, without punctuation. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .filter(word => word !== '');
}

/** Nothing but these phrases, in any order and number; also true of a text without words. */
function consistsOf(text: string, phrases: string[]): boolean {
  const known = new Set(phrases.map(phrase => wordsOf(phrase).join(' ')));
  const longest = Math.max(...[...known].map(phrase => phrase.split(' ').length));
  const words = wordsOf(text);
  const reachable = [true];
  for (let end = 1; end <= words.length; end++)
    reachable[end] = words
      .slice(Math.max(0, end - longest), end)
      .some((_word, at, last) => reachable[end - last.length + at] && known.has(last.slice(at).join(' ')));
  return reachable[words.length] ?? false;
}
