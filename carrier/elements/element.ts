/** What every element is to the engine, and how their attributes are read. */
import type { Call } from '../call.ts';
import type { Step } from '../document.ts';
import { badXml } from '../hangup.ts';
import type { XmlElement } from '../xml.ts';

/** Plays one element. Resolves with the next document, with `end` to skip the rest, or with nothing to go on. */
export type Play = (
  element: XmlElement,
  call: Call,
  following: XmlElement[],
) => Promise<Step | 'end' | undefined>;

export function flag(element: XmlElement, name: string, fallback: boolean): boolean {
  const value = element.attributes[name];
  return value === undefined ? fallback : value.toLowerCase() === 'true';
}

/** A number; ends the call as invalid XML when it is none or out of range. */
export function number(
  call: Call,
  element: XmlElement,
  name: string,
  fallback: number,
  range = [0, 1e9],
): number {
  const text = element.attributes[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  const [least = 0, most = 1e9] = range;
  if (text.trim() !== '' && value >= least && value <= most) return value;
  return call.drop(badXml('answer', `<${element.name} ${name}="${text}"> must be ${least} to ${most}.`));
}

export function method(element: XmlElement, name = 'method'): string {
  return element.attributes[name]?.toUpperCase() === 'GET' ? 'GET' : 'POST';
}
