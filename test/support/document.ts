/** Readings of the XML that the product answers, by a parser that is not the product's. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Call } from '../../carrier/index.ts';

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', preserveOrder: true });

/** Names of the elements in the order in which they stand. @throws an Error for what is not well-formed */
export function elementsOf(document: string): string[] {
  const verdict = XMLValidator.validate(document);
  if (verdict !== true) throw new Error(`Not well-formed: ${verdict.err.msg}\n${document}`);
  return namesIn(parser.parse(document));
}

type Node = Record<string, unknown>;

function namesIn(nodes: Node[]): string[] {
  return nodes.flatMap(node =>
    Object.entries(node).flatMap(([name, children]) =>
      Array.isArray(children) && !name.startsWith('?') ? [name, ...namesIn(children as Node[])] : [],
    ),
  );
}

/** Every URL in a document, ready to be requested. */
export const urlsIn = (document: string): string[] =>
  [...document.matchAll(/https?:\/\/[^"<\s]+/g)].map(([url]) => url.replaceAll('&amp;', '&'));

/** The URL of a document that leads to `path`. @throws an Error when there is none */
export function urlTo(path: string, document: string): string {
  const found = urlsIn(document).find(url => new URL(url).pathname === path);
  if (!found) throw new Error(`No URL to ${path} in ${document}`);
  return found;
}

/** Every document that the product answered during a call. */
export const documentsOf = (call: Call): string[] =>
  call.story.of('reply').flatMap(({ status, body }) => (status === 200 && body !== '' ? [body] : []));
