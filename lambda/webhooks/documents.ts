/**
 * What a caller hears: one XML document for each kind of reply. Pure: the same call, queue and reply give the
 * same document, which is how a repeated webhook is answered.
 */

import type { Links } from '../app/urls.ts';
import { type Call, ownNumber, type Reply } from '../call/call.ts';
import { holdMessage } from '../queue/announce.ts';
import type { Queue } from '../queue/queue.ts';
import {
  type Document,
  dial,
  gather,
  hangup,
  number,
  type Prompt,
  play,
  record,
  redirect,
  response,
  speak,
  stream,
  type Verb,
  wait,
} from '../vobiz/xml.ts';
import { callbackDocument } from './callback-document.ts';
import { flowDocument } from './flow-document.ts';

export interface Scene {
  call: Call;
  queue: Queue;
  links: Links;
  /** URL of the built-in music of that length. */
  music: (secs: number) => string;
  /** A Vobiz number of the account; empty: the number that was called. */
  fromNumber: string;
  /** Where the carrier opens its stream to the assistant or the transcriber; absent where it cannot be had. */
  streamUrl?: string | undefined;
  /** URL of a sound of our own. */
  sound: (name: string) => string;
}

/** The carrier listens for a key at least this long after the last prompt. */
const KEY_WINDOW_SECS = 5;
const SILENCE_ENDS_MESSAGE_SECS = 5;

export function documentFor(reply: Reply, scene: Scene): Document {
  const { queue, links } = scene;
  const say = (text: string) => speak(text, { language: queue.language, voice: queue.voice });
  switch (reply.kind) {
    case 'greet':
      return response(say(queue.greeting), redirect(links('/queue-try-agent')));
    case 'hold':
      return response(...holding(reply, scene), redirect(links('/queue-try-agent')));
    case 'dial':
      return ringing(reply, scene);
    case 'go':
      return response(redirect(links(PATH[reply.to], reply.to === 'flow' ? { on: 'resume' } : {})));
    case 'flow':
      return flowDocument(reply.at, scene);
    case 'pause':
      return response(wait(reply.secs), redirect(links('/queue-try-agent')));
    case 'callback':
      return callbackDocument(reply, scene);
    case 'record':
      return voicemail(reply.visit, scene);
    case 'converse':
      return conversing(scene);
    case 'apologise':
      return response(say(APOLOGY[reply.because]), redirect(links('/queue-try-agent')));
    case 'turn_away':
      return response(
        say('Sorry, we cannot take your call now. Please call again later. Goodbye.'),
        hangup(),
      );
    case 'goodbye':
      return response(say('Thank you for calling. Goodbye.'), hangup());
    case 'hang_up':
      return response(hangup());
    case 'nothing':
      return response();
  }
}

const PATH = {
  hold: '/queue-hold',
  try: '/queue-try-agent',
  voicemail: '/queue-voicemail',
  assistant_done: '/assistant-done',
  flow: '/flow',
} as const;

const APOLOGY = {
  trouble: 'Sorry, I am having trouble. Please hold while I connect you to a colleague.',
  unavailable:
    'Our assistant is not available at the moment. Please hold while we connect you to a colleague.',
} as const;

/** New sockets that the carrier may open when one breaks. */
const STREAM_RETRIES = 3;

/** The stream lasts until the assistant stops it; whatever ends it, the call goes on at `/assistant-done`. */
function conversing({ links, streamUrl }: Scene): Document {
  const onward = redirect(links('/assistant-done'), { method: 'POST' });
  if (streamUrl === undefined) return response(onward);
  return response(
    stream(streamUrl, {
      bidirectional: true,
      keepCallAlive: true,
      maxRetries: STREAM_RETRIES,
      contentType: 'audio/x-mulaw;rate=8000',
      statusCallbackUrl: links('/stream-status'),
      statusCallbackMethod: 'POST',
    }),
    onward,
  );
}

/** Announcement and one cycle of music; with a leave key, the cycle's last seconds are there to press it. */
function holding(reply: Extract<Reply, { kind: 'hold' }>, scene: Scene): Verb[] {
  const { call, queue, links } = scene;
  const voice = { language: queue.language, voice: queue.voice };
  const message = holdMessage(reply.position, reply.expected_wait_secs);
  const opening: Prompt[] = message === '' ? [] : [speak(message, voice)];
  if (queue.leave_key === '') return [...opening, music(scene, queue.hold_wait_secs)];
  return [
    gather(
      {
        action: links('/queue-leave'),
        inputType: 'dtmf',
        numDigits: 1,
        finishOnKey: 'none',
        executionTimeout: KEY_WINDOW_SECS,
      },
      ...opening,
      music(scene, Math.max(1, queue.hold_wait_secs - KEY_WINDOW_SECS)),
      speak(`To stop waiting${offerOf(call, queue)}, press ${keyName(queue.leave_key)}.`, voice),
    ),
  ];
}

/** What the leave key leads to; where that is back into a flow, only the flow knows. */
function offerOf({ flow }: Call, { leave_to, voicemail }: Queue): string {
  if (leave_to === 'callback') return ' and be called back';
  if (voicemail) return ' and leave a message';
  return flow ? ' and go on' : '';
}

const KEY_NAMES: Record<string, string> = { '*': 'star', '#': 'hash' };

export const keyName = (key: string): string => KEY_NAMES[key] ?? key;

function music({ queue, music: builtIn }: Scene, secs: number): Prompt & Verb {
  if (queue.hold_music_url === '') return play(builtIn(secs));
  const loop = queue.hold_music_secs === 0 ? 1 : Math.ceil(secs / queue.hold_music_secs);
  return play(queue.hold_music_url, loop > 1 ? { loop } : {});
}

/** Ring the reserved agents. What follows the Dial runs only if the carrier could not even try. */
function ringing(
  reply: Extract<Reply, { kind: 'dial' }>,
  { call, queue, links, fromNumber }: Scene,
): Document {
  const params = { offer: reply.offer };
  const words = `Hello. This is ${queue.name}, and we are calling you back. One moment, please.`;
  return response(
    ...(reply.called_back ? [speak(words, { language: queue.language, voice: queue.voice })] : []),
    dial(
      {
        action: links('/dial-complete', params),
        callbackUrl: links('/dial-event', params),
        callerId: [fromNumber, ownNumber(call)].find(isPhoneNumber),
        timeout: queue.ring_timeout_secs,
        timeLimit: queue.talk_limit_secs,
        ...(isDigit(queue.confirm_key) && {
          confirmKey: queue.confirm_key,
          confirmSound: links('/agent-confirm', params),
        }),
      },
      ...reply.agents.map(agent => number(agent)),
    ),
    redirect(links('/dial-complete', { ...params, status: 'failed' })),
  );
}

type Key = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#';
export const isPhoneNumber = (text: string) => /^\+\d+$/.test(text);
const isDigit = (key: string): key is Key => /^[\d*#]$/.test(key);

/** `action` is told when the recording begins and must not lead away from it; the file comes on `callbackUrl`. */
function voicemail(visit: number, { call, queue, links }: Scene): Document {
  const voice = { language: queue.language, voice: queue.voice };
  return response(
    speak(queue.voicemail_prompt, voice),
    record({
      action: links('/voicemail-done', { visit }),
      redirect: false,
      callbackUrl: links('/voicemail-file', { visit }),
      maxLength: queue.voicemail_max_secs,
      timeout: SILENCE_ENDS_MESSAGE_SECS,
      finishOnKey: '#*',
      playBeep: true,
    }),
    ...(call.flow
      ? [speak('Thank you. Your message has been saved.', voice), redirect(links('/flow', { on: 'resume' }))]
      : [speak('Thank you. Your message has been saved. Goodbye.', voice), hangup()]),
  );
}

/** What the answering agent hears before the caller. */
export function whisper(queue: Queue): Document {
  return response(
    speak(`A call from the queue ${queue.name}. To take it, press ${keyName(queue.confirm_key)}.`, {
      language: queue.language,
      voice: queue.voice,
      loop: 2,
    }),
  );
}

/** For a request that names no call. */
export const apology: Document = response(
  speak('Sorry, something went wrong with this call. Please call again.'),
  hangup(),
);

/** While the store is away: hold, and come back to the very same step. */
export function comeBack(music: string, to: string): Document {
  return response(play(music), redirect(to));
}
