/**
 * SSML in, the parts that the carrier's `Speak` takes out. What it has no element for is left out and its text
 * kept, so that nothing a flow says is lost, and nothing that is no SSML reaches the document.
 */
import { SSML_NAMES, type Ssml, type SsmlName, ssml } from '../vobiz/xml.ts';

type Part = string | Ssml;
interface Open {
  name: string;
  attributes: Record<string, string>;
  parts: Part[];
}

export const isSsml = (text: string): boolean => /^\s*<speak[\s>]/.test(text);

export const escapeSsml = (value: string): string =>
  value.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

const TOKEN =
  /<!--[\s\S]*?-->|<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/g;

/** @returns undefined for text that is no well-formed SSML */
export function ssmlParts(text: string): Part[] | undefined {
  const root: Open = { name: '', attributes: {}, parts: [] };
  const open = [root];
  let read = 0;
  for (const token of text.matchAll(TOKEN)) {
    const innermost = open.at(-1) ?? root;
    if (!say(innermost, text.slice(read, token.index))) return undefined;
    read = token.index + token[0].length;
    const [, closing, name = '', attributes = '', empty] = token;
    if (token[2] === undefined) continue;
    if (closing) {
      if (innermost.name !== name || open.length === 1) return undefined;
      open.pop();
      close(innermost, open.at(-1) ?? root);
    } else {
      const begun = { name, attributes: attributesOf(attributes), parts: [] };
      if (empty) close(begun, innermost);
      else open.push(begun);
    }
  }
  return open.length === 1 && say(root, text.slice(read)) ? root.parts : undefined;
}

/** A stray `<` is no text. */
function say({ parts }: Open, text: string): boolean {
  if (text.includes('<')) return false;
  if (text !== '') parts.push(unescaped(text));
  return true;
}

function close({ name, attributes, parts }: Open, outer: Open): void {
  if (isName(name)) outer.parts.push(ssml(name, attributes, ...parts));
  else outer.parts.push(...parts);
}

const isName = (name: string): name is SsmlName => (SSML_NAMES as readonly string[]).includes(name);

function attributesOf(text: string): Record<string, string> {
  const found = text.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return Object.fromEntries(
    [...found].map(([, name, double, single]) => [name, unescaped(double ?? single ?? '')]),
  );
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
