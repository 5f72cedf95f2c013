/**
 * `<Record>`: `action` is requested near the START, with the recording's id and little else; the file comes on
 * `callbackUrl` after the end. With `redirect="true"` the call therefore leaves for the action's document
 * while the recording has hardly begun, as on Vobiz (`recordAction: 'end'` plays its older examples).
 */
import type { Call } from '../call.ts';
import type { Step } from '../document.ts';
import { callFields } from '../fields.ts';
import { firstOf } from '../race.ts';
import { draw } from '../random.ts';
import { type EndReason, Recorder } from '../recorder.ts';
import type { XmlElement } from '../xml.ts';
import { flag, method, number, type Play } from './element.ts';

const BEEP_MS = 400;
const MESSAGE_SECS = 5;
/** Of every recording that does not say otherwise, one of the whole session too. */
const LONGEST_SECS = 60;

export const record: Play = async (element, call) => {
  if (flag(element, 'startOnDialAnswer', false)) {
    call.atBridge.push(() => begin(element, call));
    return undefined;
  }
  call.answer();
  if (flag(element, 'recordSession', false)) {
    begin(element, call);
    return undefined;
  }
  if (flag(element, 'playBeep', true)) await call.sleep(BEEP_MS);
  const atEnd = call.network.options.recordAction === 'end';
  const recorder = start(element, call, false);
  if (!atEnd) {
    const next = requestAction(element, call, { Event: 'Record', RecordingID: recorder.id });
    if (next) {
      recorder.stop('HungUp');
      return next;
    }
  }
  const file = await recordUntilDone(element, call, recorder);
  return atEnd ? requestAction(element, call, { Event: 'Record', ...file }) : undefined;
};

/** A recording beside the document; it ends with the call, at `maxLength`, or by the REST API. */
function begin(element: XmlElement, call: Call): void {
  const recorder = start(element, call, true);
  const { action } = element.attributes;
  if (action) tell(call, action, method(element), { Event: 'Record', RecordingID: recorder.id });
  const longestMs = number(call, element, 'maxLength', LONGEST_SECS) * 1000;
  call.inBackground(async () => {
    await call.clock.sleep(longestMs, call.line);
    recorder.stop('maxLength');
  });
}

function start(element: XmlElement, call: Call, session: boolean): Recorder {
  const { callbackUrl, fileFormat } = element.attributes;
  return new Recorder(call, {
    session,
    format: fileFormat === 'wav' ? 'wav' : 'mp3',
    callbackMethod: method(element, 'callbackMethod'),
    ...(callbackUrl && { callbackUrl }),
  });
}

/** With `redirect` the action is the next document; without, it is told and its XML ignored. */
function requestAction(element: XmlElement, call: Call, fields: Record<string, string>): Step | undefined {
  const { action } = element.attributes;
  if (!action) return undefined;
  if (flag(element, 'redirect', false))
    return { origin: 'action', url: action, method: method(element), fields };
  tell(call, action, method(element), fields);
  return undefined;
}

function tell(call: Call, url: string, httpMethod: string, fields: Record<string, string>): void {
  call.tell({ url, method: httpMethod, fields: { ...callFields(call), ...fields } });
}

async function recordUntilDone(element: XmlElement, call: Call, recorder: Recorder) {
  const messageMs = draw(call.script.leavesMessage ?? MESSAGE_SECS, call.pace.random) * 1000;
  const silenceMs = number(call, element, 'timeout', 60) * 1000;
  const longestMs = number(call, element, 'maxLength', LONGEST_SECS) * 1000;
  const keys = element.attributes.finishOnKey ?? '1234567890*#';
  try {
    const reason = await firstOf<EndReason>(
      call.signal,
      signal => call.clock.sleep(messageMs + silenceMs, signal).then(() => 'RecordingTimeout'),
      signal => call.clock.sleep(longestMs, signal).then(() => 'maxLength'),
      signal => call.keypad.nextOf(keys, signal).then(() => 'FinishedOnKey'),
    );
    return recorder.stop(reason);
  } catch (interrupt) {
    if (!call.ended) recorder.stop('HungUp');
    throw interrupt;
  }
}
