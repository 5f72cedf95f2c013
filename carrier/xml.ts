/**
 * Reads a reply as strictly as the carrier does. Anything that is not exactly one well-formed `<Response>`
 * of at most 100 KB with an XML content type raises `InvalidXml`, whose message says what to mend.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  /** All text inside, markup such as SSML removed, white space trimmed. */
  text: string;
  children: XmlElement[];
}

export class InvalidXml extends Error {}

const LIMIT_BYTES = 100 * 1024;
const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i;
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
});

/** The elements of the one `<Response>` in `body`. */
export function parseResponse(body: string, contentType: string): XmlElement[] {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/xml' && type !== 'text/xml') {
    throw new InvalidXml(`the content type is "${contentType}", not application/xml or text/xml`);
  }
  const bytes = Buffer.byteLength(body);
  if (bytes > LIMIT_BYTES) throw new InvalidXml(`the document has ${bytes} bytes, more than ${LIMIT_BYTES}`);
  const verdict = XMLValidator.validate(body);
  if (verdict !== true) throw new InvalidXml(`line ${verdict.err.line}: ${verdict.err.msg}`);
  if (BARE_AMPERSAND.test(body.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, ''))) {
    throw new InvalidXml('a bare "&" must be written "&amp;"');
  }
  const roots = readNodes(parser.parse(body)).children;
  const [root] = roots;
  if (!root || roots.length > 1 || root.name !== 'Response') {
    throw new InvalidXml('the document must be exactly one <Response>');
  }
  return root.children;
}

type Node = Record<string, unknown>;

function readNodes(nodes: Node[]): { text: string; children: XmlElement[] } {
  let text = '';
  const children: XmlElement[] = [];
  for (const node of nodes) {
    const name = Object.keys(node).find(key => key !== ':@') ?? '';
    if (name === '#text') {
      text += String(node[name]);
    } else if (!name.startsWith('?')) {
      const inside = readNodes(node[name] as Node[]);
      children.push({ name, attributes: (node[':@'] ?? {}) as Record<string, string>, ...inside });
      text += inside.text;
    }
  }
  return { text: text.trim(), children };
}
