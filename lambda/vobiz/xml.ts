/**
 * Vobiz XML: one function per element, `response` for the document, `render` for its text.
 *
 *     render(response(speak('One moment.'), dial({ action, callerId }, number('+919876543210'))))
 *
 * What may stand in what is a matter of types; what types cannot hold (ranges, URLs, dead elements) is refused
 * with an Error when the element is built, because the carrier answers a bad document by dropping the call.
 */
import type * as A from './attributes.ts';
import { headerList, pattern, url, webUrl, wholeNumber, wholeNumberOrAuto } from './checks.ts';
import { type Attributes, type Element, element, markup } from './markup.ts';

export type Verb = Element<
  | 'Dial'
  | 'Speak'
  | 'Play'
  | 'Record'
  | 'Gather'
  | 'Hangup'
  | 'Redirect'
  | 'Wait'
  | 'Conference'
  | 'PreAnswer'
  | 'DTMF'
  | 'Stream'
>;
export type Document = Element<'Response'>;
export type Prompt = Element<'Speak' | 'Play'>;

/** The carrier refuses a longer document. */
const LONGEST_DOCUMENT_BYTES = 100_000;

/** A document of any number of verbs; none at all means "nothing to do". */
export function response(...verbs: Verb[]): Document {
  const names = verbs.map(verb => verb.name);
  if (names.includes('Stream') && names.includes('Conference'))
    throw new Error('Stream and Conference cannot stand in one document.');
  verbs.forEach(refuseDeadEnd);
  return element('Response', {}, verbs);
}

function refuseDeadEnd(verb: Verb, index: number, verbs: readonly Verb[]): void {
  const last = index === verbs.length - 1;
  const scheduled = verb.attributes.schedule !== undefined;
  const ends = verb.name === 'Redirect' || (verb.name === 'Hangup' && !scheduled);
  if (ends && !last) throw new Error(`Nothing after a ${verb.name} is ever executed.`);
  if (scheduled && last)
    throw new Error('A Hangup with a schedule needs an element after it, or it hangs up at once.');
}

/** The text to send as `application/xml`. Throws when it exceeds what the carrier accepts. */
export function render(document: Document): string {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${markup(document)}`;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > LONGEST_DOCUMENT_BYTES)
    throw new Error(`The document has ${bytes} bytes; the carrier takes ${LONGEST_DOCUMENT_BYTES} at most.`);
  return text;
}

/** Speaks plain text, or a list of text and `ssml` parts. */
export function speak(
  text: string | readonly (string | Ssml)[],
  attributes: A.SpeakAttributes = {},
): Element<'Speak'> {
  wholeNumber('Speak loop', attributes.loop, 0);
  return element('Speak', attributes, typeof text === 'string' ? [text] : text);
}

export const SSML_NAMES = [
  'break',
  'emphasis',
  'lang',
  'p',
  'phoneme',
  'prosody',
  's',
  'say-as',
  'sub',
  'w',
] as const;
export type SsmlName = (typeof SSML_NAMES)[number];
export type Ssml = Element<SsmlName>;

/** `ssml('say-as', { 'interpret-as': 'digits' }, '4711')`: a part of what `speak` says. */
export function ssml(name: SsmlName, attributes: Attributes = {}, ...parts: (string | Ssml)[]): Ssml {
  return element(name, attributes, parts);
}

/** Plays an MP3 or WAV file; the carrier skips what it cannot fetch or does not understand. */
export function play(file: string, attributes: A.PlayAttributes = {}): Element<'Play'> {
  webUrl('Play', file);
  wholeNumber('Play loop', attributes.loop, 0);
  return element('Play', attributes, [file]);
}

/** Waits in silence; as the first element of an unanswered call it delays the pick-up. */
export function wait(seconds: number, attributes: A.WaitAttributes = {}): Element<'Wait'> {
  wholeNumber('Wait length', seconds, 1);
  wholeNumber('Wait minSilence', attributes.minSilence, 1);
  return element('Wait', { length: seconds, ...attributes });
}

export function gather(attributes: A.GatherAttributes, ...prompts: Prompt[]): Element<'Gather'> {
  const { hints } = attributes;
  webUrl('Gather action', attributes.action);
  webUrl('Gather interimSpeechResultsCallback', attributes.interimSpeechResultsCallback);
  wholeNumber('Gather executionTimeout', attributes.executionTimeout, 5, 60);
  wholeNumberOrAuto('Gather digitEndTimeout', attributes.digitEndTimeout, 2, 10);
  wholeNumberOrAuto('Gather speechEndTimeout', attributes.speechEndTimeout, 2, 10);
  wholeNumber('Gather numDigits', attributes.numDigits, 1, 32);
  pattern('Gather finishOnKey', attributes.finishOnKey, /^([0-9*#]|none)?$/, 'one key, empty or "none"');
  if (hints && (hints.length > 500 || hints.join().length > 10_000 || hints.some(hint => hint.length > 100)))
    throw new Error('Gather hints: at most 500 phrases of 100 characters, 10 000 characters together.');
  return element('Gather', { ...attributes, hints: hints?.join() }, prompts);
}

export function record(attributes: A.RecordAttributes = {}): Element<'Record'> {
  webUrl('Record action', attributes.action);
  webUrl('Record callbackUrl', attributes.callbackUrl);
  webUrl('Record transcriptionUrl', attributes.transcriptionUrl);
  wholeNumber('Record timeout', attributes.timeout, 1);
  wholeNumber('Record maxLength', attributes.maxLength, 1);
  pattern('Record finishOnKey', attributes.finishOnKey, /^[0-9*#]*$/, 'keys out of 0-9 * #');
  return element('Record', attributes);
}

/** Continues with the document of another URL; stands last. */
export function redirect(to: string, attributes: A.RedirectAttributes = {}): Element<'Redirect'> {
  webUrl('Redirect', to);
  return element('Redirect', attributes, [to]);
}

export function hangup(attributes: A.HangupAttributes = {}): Element<'Hangup'> {
  wholeNumber('Hangup schedule', attributes.schedule, 1);
  return element('Hangup', attributes);
}

/** Early media before the call is answered; not on every route. */
export function preAnswer(...verbs: Element<'Speak' | 'Play' | 'Wait'>[]): Element<'PreAnswer'> {
  return element('PreAnswer', {}, verbs);
}

/** Sends keys; `w` waits half a second, `W` a whole one. */
export function dtmf(digits: string, attributes: A.DtmfAttributes = {}): Element<'DTMF'> {
  pattern('DTMF', digits, /^[0-9*#wW]+$/, 'keys out of 0-9 * # w W');
  return element('DTMF', attributes, [digits]);
}

/** Joins the room of that name, which the first member creates; names are case-sensitive. */
export function conference(room: string, attributes: A.ConferenceAttributes = {}): Element<'Conference'> {
  if (room.trim() === '') throw new Error('Conference needs the name of a room.');
  webUrl('Conference waitSound', attributes.waitSound);
  webUrl('Conference callbackUrl', attributes.callbackUrl);
  webUrl('Conference action', attributes.action);
  wholeNumber('Conference timeLimit', attributes.timeLimit, 1);
  wholeNumber('Conference maxParticipants', attributes.maxParticipants, 2);
  return element('Conference', { ...attributes, digitsMatch: attributes.digitsMatch?.join() }, [room]);
}

/** Rings all numbers and users at once and bridges to the first who answers. */
export function dial(
  attributes: A.DialAttributes,
  ...legs: Element<'Number' | 'User' | 'Record'>[]
): Element<'Dial'> {
  const { dialMusic, digitsMatch, digitsMatchBLeg, sipHeaders } = attributes;
  if (legs.every(leg => leg.name === 'Record')) throw new Error('Dial needs a number or a user to ring.');
  webUrl('Dial action', attributes.action);
  webUrl('Dial callbackUrl', attributes.callbackUrl);
  webUrl('Dial confirmSound', attributes.confirmSound);
  webUrl('Dial dialMusic', dialMusic === 'real' ? undefined : dialMusic);
  wholeNumber('Dial timeout', attributes.timeout, 1);
  wholeNumber('Dial timeLimit', attributes.timeLimit, 1);
  wholeNumber('Dial confirmTimeout', attributes.confirmTimeout, 1);
  pattern('Dial confirmKey', attributes.confirmKey, /^[0-9*#]$/, 'one key out of 0-9 * #');
  const lists = {
    digitsMatch: digitsMatch?.join(),
    digitsMatchBLeg: digitsMatchBLeg?.join(),
    sipHeaders: headerList('Dial sipHeaders', sipHeaders),
  };
  return element('Dial', { ...attributes, ...lists }, legs);
}

/** A telephone to ring, E.164. */
export function number(to: string, attributes: A.NumberAttributes = {}): Element<'Number'> {
  pattern('Number', to, /^\+?[0-9]{3,15}$/, 'a telephone number, E.164');
  return element('Number', attributes, [to]);
}

/** A SIP endpoint to ring. */
export function user(uri: string, attributes: A.UserAttributes = {}): Element<'User'> {
  pattern('User', uri, /^sips?:\S+$/i, 'a SIP URI');
  return element(
    'User',
    { ...attributes, sipHeaders: headerList('User sipHeaders', attributes.sipHeaders) },
    [uri],
  );
}

/** Opens a WebSocket that carries the call's audio. */
export function stream(to: string, attributes: A.StreamAttributes = {}): Element<'Stream'> {
  const { bidirectional, audioTrack = 'inbound', keepCallAlive, extraHeaders } = attributes;
  url('Stream', to, 'wss', 'ws');
  webUrl('Stream statusCallbackUrl', attributes.statusCallbackUrl);
  wholeNumber('Stream streamTimeout', attributes.streamTimeout, 1);
  wholeNumber('Stream maxRetries', attributes.maxRetries, 0, 10);
  if (bidirectional && audioTrack !== 'inbound')
    throw new Error('Stream: a bidirectional stream takes the inbound track only.');
  if (keepCallAlive && !bidirectional) throw new Error('Stream: keepCallAlive needs a bidirectional stream.');
  return element(
    'Stream',
    { ...attributes, extraHeaders: headerList('Stream extraHeaders', extraHeaders, 512) },
    [to],
  );
}
