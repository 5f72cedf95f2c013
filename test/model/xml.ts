/** Reads the product's documents as far as the carrier of this model obeys them. */
export type Verb =
  | { kind: 'sound' }
  | { kind: 'redirect'; url: string }
  | { kind: 'gather'; action: string }
  | { kind: 'dial'; action: string; callbackUrl: string; timeoutSecs: number; numbers: string[] }
  | { kind: 'record'; action: string; callbackUrl: string }
  | { kind: 'hangup' };

const ELEMENT =
  /<(Speak|Play|Redirect|Gather|Dial|Number|Record|Hangup)\b([^>]*?)(?:\/>|>(?:([^<]*)<\/\1>)?)/g;
const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

const plain = (text = '') => text.replace(/&\w+;/g, entity => ENTITIES[entity] ?? entity);

export function verbsOf(xml: string): Verb[] {
  const verbs: Verb[] = [];
  for (const [, name, attributes = '', text] of xml.matchAll(ELEMENT)) {
    const attribute = (wanted: string) => plain(new RegExp(`\\b${wanted}="([^"]*)"`).exec(attributes)?.[1]);
    const last = verbs.at(-1);
    if (name === 'Number') {
      if (last?.kind === 'dial') last.numbers.push(plain(text));
    } else if (name === 'Redirect') verbs.push({ kind: 'redirect', url: plain(text) });
    else if (name === 'Gather') verbs.push({ kind: 'gather', action: attribute('action') });
    else if (name === 'Record')
      verbs.push({ kind: 'record', action: attribute('action'), callbackUrl: attribute('callbackUrl') });
    else if (name === 'Dial')
      verbs.push({
        kind: 'dial',
        action: attribute('action'),
        callbackUrl: attribute('callbackUrl'),
        timeoutSecs: Number(attribute('timeout')),
        numbers: [],
      });
    else if (name === 'Hangup') verbs.push({ kind: 'hangup' });
    else verbs.push({ kind: 'sound' });
  }
  return verbs;
}
