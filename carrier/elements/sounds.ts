/** `<Speak>`, `<Play>` and `<Wait>`: what a caller, or the party that is asked to confirm, hears. */
import { audioMs } from '../audio.ts';
import type { Call } from '../call.ts';
import { fetchFile } from '../http.ts';
import { orAborted } from '../race.ts';
import type { XmlElement } from '../xml.ts';
import { number, type Play } from './element.ts';

/** A leisurely voice: fourteen characters a second. */
const MS_PER_CHARACTER = 70;
const LEAST_SPEECH_MS = 400;

export function speechMs(text: string): number {
  return Math.max(LEAST_SPEECH_MS, text.length * MS_PER_CHARACTER);
}

/** `loop="0"` means for ever. */
async function looped(element: XmlElement, call: Call, once: () => Promise<void>): Promise<void> {
  const times = number(call, element, 'loop', 1) || Number.POSITIVE_INFINITY;
  for (let round = 0; round < times; round++) await once();
}

export async function speakTo(element: XmlElement, call: Call, signal = call.signal): Promise<void> {
  const ms = speechMs(element.text);
  const { language } = element.attributes;
  const said = { kind: 'says', text: element.text, ms, ...(language && { language }) } as const;
  await looped(element, call, () => call.sound(said, ms, signal));
}

/** A file that cannot be fetched, or is no MP3 or WAV, is skipped without a word. */
export async function playTo(element: XmlElement, call: Call, signal = call.signal): Promise<void> {
  const url = element.text;
  const file = await orAborted(fetchFile(url, call.network.sender.times.documentTimeoutMs), signal);
  const ms = file.status === 200 ? audioMs(file.bytes) : undefined;
  if (ms === undefined) {
    const reason = file.status === 200 ? 'not an MP3 or WAV file' : (file.problem ?? `HTTP ${file.status}`);
    call.story.add({ kind: 'skips', element: 'Play', reason: `${url}: ${reason}` });
    return;
  }
  await looped(element, call, () => call.sound({ kind: 'plays', url, ms }, ms, signal));
}

export async function waitFor(element: XmlElement, call: Call, signal = call.signal): Promise<void> {
  const ms = number(call, element, 'length', 1) * 1000;
  await call.sound({ kind: 'waits', ms }, ms, signal);
}

export const speak: Play = async (element, call) => {
  call.answer();
  await speakTo(element, call);
  return undefined;
};

export const play: Play = async (element, call) => {
  call.answer();
  await playTo(element, call);
  return undefined;
};

/** As the first element it lets the call ring on, unbilled, and picks up afterwards. */
export const wait: Play = async (element, call) => {
  await waitFor(element, call);
  call.answer();
  return undefined;
};

/** Plays `Speak`, `Play` and `Wait`, in order; anything else is skipped. */
export async function playSounds(elements: XmlElement[], call: Call, signal: AbortSignal): Promise<void> {
  for (const element of elements) {
    if (element.name === 'Speak') await speakTo(element, call, signal);
    else if (element.name === 'Play') await playTo(element, call, signal);
    else if (element.name === 'Wait') await waitFor(element, call, signal);
    else
      call.story.add({
        kind: 'skips',
        element: element.name,
        reason: 'only Speak, Play and Wait belong here',
      });
  }
}

/** Early media: heard before the call is answered. */
export const preAnswer: Play = async (element, call) => {
  await playSounds(element.children, call, call.signal);
  return undefined;
};
