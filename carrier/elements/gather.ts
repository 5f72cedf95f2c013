/**
 * `<Gather>`: nested prompts that the first key breaks off, then `executionTimeout` for the first key and
 * `digitEndTimeout` between keys. Without input Vobiz's page says two things; `gatherNoInput` chooses.
 */
import type { Call } from '../call.ts';
import { badXml } from '../hangup.ts';
import { firstOf } from '../race.ts';
import type { XmlElement } from '../xml.ts';
import { flag, method, number, type Play } from './element.ts';
import { playSounds } from './sounds.ts';

/** What `digitEndTimeout="auto"` comes to. */
const AUTO_SECS = 2;

export const gather: Play = async (element, call) => {
  if (element.attributes.inputType?.trim() === 'speech') {
    call.drop(badXml('answer', '<Gather inputType="speech"> is not supported by this carrier yet.'));
  }
  call.answer();
  call.story.add({ kind: 'listens' });
  const digits = await readDigits(element, call);
  const { action } = element.attributes;
  const silent = digits === '' && call.network.options.gatherNoInput !== 'post_empty';
  if (!action || silent) return undefined;
  const fields = {
    Event: 'Redirect',
    InputType: 'dtmf',
    Digits: digits,
    Speech: '',
    SpeechConfidenceScore: '0',
  };
  if (flag(element, 'redirect', true))
    return { origin: 'action', url: action, method: method(element), fields };
  await call.ask(action, method(element), fields);
  return undefined;
};

async function readDigits(element: XmlElement, call: Call): Promise<string> {
  const most = number(call, element, 'numDigits', 32, [1, 32]);
  const finish = element.attributes.finishOnKey ?? '#';
  const firstMs = number(call, element, 'executionTimeout', 15, [5, 60]) * 1000;
  const endText = element.attributes.digitEndTimeout ?? 'auto';
  const nextMs =
    (endText === 'auto' ? AUTO_SECS : number(call, element, 'digitEndTimeout', AUTO_SECS, [2, 10])) * 1000;
  let digits = '';
  let key = await firstKey(element, call, firstMs);
  while (key !== undefined && key !== finish) {
    digits += key;
    if (digits.length >= most) break;
    key = await keyWithin(call, nextMs, call.signal);
  }
  return digits;
}

/** The time-out starts when the prompts are over. */
function firstKey(element: XmlElement, call: Call, ms: number): Promise<string | undefined> {
  return firstOf<string | undefined>(
    call.signal,
    signal => call.keypad.next(signal),
    async signal => {
      await playSounds(element.children, call, signal);
      await call.clock.sleep(ms, signal);
      return undefined;
    },
  );
}

function keyWithin(call: Call, ms: number, signal: AbortSignal): Promise<string | undefined> {
  return firstOf<string | undefined>(
    signal,
    either => call.keypad.next(either),
    either => call.clock.sleep(ms, either).then(() => undefined),
  );
}
