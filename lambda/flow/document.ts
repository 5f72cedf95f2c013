/**
 * The verbs of one step as the carrier's XML. What the flow waits for decides how the document goes on; links come
 * from the shell, and each carries the step, so that the carrier's next request says which document it answers.
 */
import {
  conference,
  type Document,
  dial,
  dtmf,
  type Verb as Element,
  gather,
  hangup,
  number,
  type Prompt as PromptElement,
  play,
  record,
  redirect,
  response,
  speak,
  stream,
  user,
  wait,
} from '../vobiz/xml.ts';
import type { Awaited } from './event.ts';
import { isSsml, ssmlParts } from './ssml.ts';
import type { Wait } from './state.ts';
import type { Leg, Prompt, Track, Verb } from './verb.ts';

/**
 * Where a document leads. What is waited for names the link: `queue_left` leads into the queue and `conversed` to the
 * assistant, from where the call comes back; `nothing_dialed` is `dialed` for a bridge that could not even be tried.
 */
export type LinkTo =
  | Exclude<Awaited, 'hung_up'>
  | 'nothing_dialed'
  /** Callbacks beside the flow; `recording` is told of its begin and its file. */
  | 'dial_event'
  | 'recording'
  | 'conference_event'
  /** Sounds of our own. */
  | 'beep'
  | 'silence'
  /** Opened by the carrier, wss. */
  | 'transcription'
  | 'transcription_status';

/** The carrier's own limit of a call; a recording of it would end after a minute. */
const LONGEST_CALL_SECS = 14_400;

export interface Scene {
  link: (to: LinkTo) => string;
  /** Whom a bridge calls as, where the flow names nobody: a number of the account, or empty. */
  callerId: string;
}

export function documentOf(verbs: readonly Verb[], waiting: Wait | undefined, scene: Scene): Document {
  const elements = verbs.map(verb => elementOf(verb, scene));
  const last = verbs.at(-1)?.verb;
  if (last === 'hangup') return response(...elements);
  return response(...elements, waiting && waiting.for !== 'hung_up' ? onward(waiting.for, scene) : hangup());
}

/** What runs when the last verb is through, or was not even tried. */
const onward = (awaited: Exclude<Awaited, 'hung_up'>, { link }: Scene): Element =>
  redirect(link(awaited === 'dialed' ? 'nothing_dialed' : awaited));

function elementOf(verb: Verb, scene: Scene): Element {
  const { link } = scene;
  switch (verb.verb) {
    case 'speak':
    case 'play':
    case 'beep':
    case 'silence':
      return prompt(verb, scene);
    case 'wait':
      return wait(verb.secs);
    case 'gather':
      return listen(verb, scene);
    case 'record_message':
    case 'record_call':
      return recording(verb, scene);
    case 'dial':
      return bridge(verb, scene);
    case 'conference':
      return conference(verb.room, {
        stayAlone: true,
        callbackUrl: link('conference_event'),
      });
    case 'send_digits':
      return dtmf(verb.digits, { async: false });
    case 'transcribe':
      return transcriptStream(link('transcription'), verb.track, link('transcription_status'));
    case 'hangup':
      return hangup(verb.reason ? { reason: verb.reason } : {});
  }
}

/** New sockets that the carrier may open when one breaks. */
const STREAM_RETRIES = 3;

/** Beside the call, whose document goes on at once. */
export const transcriptStream = (url: string, audioTrack: Track, statusCallbackUrl: string): Element =>
  stream(url, {
    bidirectional: false,
    audioTrack,
    maxRetries: STREAM_RETRIES,
    contentType: 'audio/x-mulaw;rate=8000',
    statusCallbackUrl,
  });

function prompt(verb: Prompt, { link }: Scene): PromptElement {
  if (verb.verb === 'play') return play(verb.url);
  if (verb.verb !== 'speak') return play(link(verb.verb));
  const { text, language, voice } = verb;
  const parts = isSsml(text) ? ssmlParts(text) : undefined;
  return speak(parts ?? text, { language, voice });
}

/** The carrier may tell of silence by the action, or go on in the document: both lead to the same step. */
const listen = (verb: Extract<Verb, { verb: 'gather' }>, scene: Scene): Element =>
  gather(
    {
      action: scene.link('digits'),
      inputType: 'dtmf',
      numDigits: verb.length,
      finishOnKey: 'none',
      executionTimeout: verb.window_secs,
      ...(verb.pause_secs !== undefined && { digitEndTimeout: verb.pause_secs }),
      log: false,
    },
    ...verb.prompts.map(one => prompt(one, scene)),
  );

/** The carrier calls `action` when a recording begins and ignores what it says; over, it goes on in the document. */
function recording(
  verb: Extract<Verb, { verb: 'record_message' | 'record_call' }>,
  { link }: Scene,
): Element {
  const told = link('recording');
  const shared = { fileFormat: verb.format, redirect: false, action: told, callbackUrl: told };
  if (verb.verb === 'record_call')
    return record({ ...shared, recordSession: true, maxLength: LONGEST_CALL_SECS, playBeep: false });
  return record({
    ...shared,
    maxLength: verb.max_secs,
    timeout: verb.silence_secs,
    finishOnKey: verb.end_keys,
    playBeep: verb.beep,
  });
}

const bridge = (verb: Extract<Verb, { verb: 'dial' }>, { link, callerId }: Scene): Element =>
  dial(
    {
      action: link('dialed'),
      callbackUrl: link('dial_event'),
      callerId: verb.caller_id || callerId || undefined,
      timeout: verb.ring_secs,
      timeLimit: verb.talk_secs,
    },
    ...verb.legs.map(legElement),
  );

const legElement = ({ type, target }: Leg) => (type === 'sip' ? user(target) : number(target));
