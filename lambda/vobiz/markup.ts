/**
 * XML as a small tree and its text. Every character of every document passes `escapeText` here and nowhere else, so
 * whatever a caller's data holds the text is well-formed XML 1.0.
 */

type AttributeValue = string | number | boolean | undefined;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** `Name` is part of the type, so that a parent can say which children it takes. */
export interface Element<Name extends string = string> {
  readonly name: Name;
  readonly attributes: Attributes;
  readonly children: readonly Content[];
}

type Content = Element | string;

export function element<Name extends string>(
  name: Name,
  attributes: object = {},
  children: readonly Content[] = [],
): Element<Name> {
  return { name, attributes: { ...attributes }, children };
}

/** The text of an element, without declaration. Attributes that are undefined are left out. */
export function markup({ name, attributes, children }: Element): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const head = [name, ...given.map(([key, value]) => `${key}="${escapeText(String(value))}"`)].join(' ');
  const inner = children
    .map(child => (typeof child === 'string' ? escapeText(child) : markup(child)))
    .join('');
  return inner === '' ? `<${head}/>` : `<${head}>${inner}</${name}>`;
}

/** What XML 1.0 cannot hold in any spelling: control characters, U+FFFE, U+FFFF and lone surrogates. */
const ILLEGAL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Tab and line ends are escaped too: a parser would turn them into spaces within an attribute. */
const SPECIAL = /[&<>"\t\n\r]/g;

const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapeText(text: string): string {
  return text.replace(ILLEGAL, '').replace(SPECIAL, character => ENTITY[character] ?? '');
}
