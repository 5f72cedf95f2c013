/** `<Redirect>`, `<Hangup>` and `<DTMF>`. */
import type { Call } from '../call.ts';
import { HANGUP } from '../hangup.ts';
import type { XmlElement } from '../xml.ts';
import { flag, method, number, type Play } from './element.ts';

/** Ends the document: nothing after it is ever played. */
export const redirect: Play = async element => ({
  origin: 'redirect',
  url: element.text,
  method: method(element),
  fields: { Event: 'Redirect' },
});

export const hangup: Play = async (element, call, following) => {
  const secs = number(call, element, 'schedule', 0);
  if (secs > 0 && following.length > 0) {
    call.inBackground(() =>
      call.clock.sleep(secs * 1000, call.line).then(() => call.hangUp(HANGUP.scheduled)),
    );
    return undefined;
  }
  return call.drop(reasonOf(element, call));
};

/** Before the call is answered a hang-up is a refusal. */
function reasonOf(element: XmlElement, call: Call) {
  if (!call.isRinging) return HANGUP.byXml;
  return element.attributes.reason === 'busy' ? HANGUP.busyByXml : HANGUP.rejected;
}

const TONE_MS = 100;
const PAUSE_MS: Record<string, number> = { w: 500, W: 1000 };

export const dtmf: Play = async (element, call) => {
  call.answer();
  call.story.add({ kind: 'tones', digits: element.text });
  const ms = [...element.text].reduce((sum, key) => sum + (PAUSE_MS[key] ?? TONE_MS), 0);
  if (!flag(element, 'async', true)) await call.sleep(ms);
  return undefined;
};
