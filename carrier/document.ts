/**
 * Fetches documents and plays them: each element in turn, top to bottom, until one of them names the next
 * document, a transfer brings another, or the last element is done.
 */
import type { Call } from './call.ts';
import { ELEMENTS } from './elements/index.ts';
import { badUrl, badXml, type Hangup, type Origin } from './hangup.ts';
import { Transferred } from './interrupt.ts';
import { InvalidXml, parseResponse, type XmlElement } from './xml.ts';

/** The next document of a call: where it is, and what is posted there beside the call's own parameters. */
export interface Step {
  origin: Origin;
  url: string;
  method: string;
  fields: Record<string, string>;
  /** Asked when `url` fails, on an answer only. */
  fallbackUrl?: string;
}

/** How long a call lives whose answer was not understood. */
const DYING_MS = 1_000;

/** Resolves at the end of the last document; rejects with `HungUp` when the call ends before. */
export async function playDocuments(call: Call, first: Step): Promise<void> {
  let step: Step | undefined = first;
  while (step) {
    call.beginDocument();
    try {
      step = await playElements(call, await fetchDocument(call, step));
    } catch (interrupt) {
      if (!(interrupt instanceof Transferred)) throw interrupt;
      step = transferStep(interrupt);
    }
  }
}

function transferStep({ url, method }: Transferred): Step {
  return { origin: 'transfer', url, method, fields: { Event: 'Transfer' } };
}

/** Plays `elements`; resolves with the document that one of them leads to. */
async function playElements(call: Call, elements: XmlElement[]): Promise<Step | undefined> {
  for (const [index, element] of elements.entries()) {
    const play = ELEMENTS[element.name];
    if (!play) call.drop(badXml('answer', `<${element.name}> is not supported by this carrier yet.`));
    const next = await play(element, call, elements.slice(index + 1));
    call.signal.throwIfAborted();
    if (next === 'end') return undefined;
    if (next) return next;
  }
  return undefined;
}

async function fetchDocument(call: Call, step: Step): Promise<XmlElement[]> {
  const result = await tryDocument(call, step);
  if (Array.isArray(result)) return result;
  if (step.fallbackUrl) {
    return fetchDocument(call, { ...step, url: step.fallbackUrl, fallbackUrl: '' });
  }
  if (result.code >= 8000) {
    call.answer();
    await call.sleep(DYING_MS);
  }
  call.drop(result);
}

/** The elements of the document, or why there are none. */
async function tryDocument(call: Call, step: Step): Promise<XmlElement[] | Hangup> {
  const reply = await call.ask(step.url, step.method, step.fields);
  if (reply.status !== 200) {
    return badUrl(step.origin, `${step.url} answered ${reply.problem ?? `HTTP ${reply.status}`}.`);
  }
  try {
    return parseResponse(reply.body, reply.contentType);
  } catch (error) {
    if (!(error instanceof InvalidXml)) throw error;
    return badXml(step.origin, `The XML from ${step.url} is unusable: ${error.message}.`);
  }
}
