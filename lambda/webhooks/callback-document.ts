/** What is heard about a callback: by the caller who asks for it, and by the agent who answers for it. */
import type { Reply } from '../call/call.ts';
import { callersTelephone } from '../call/telephone.ts';
import { type Document, dial, gather, hangup, number, redirect, response, speak } from '../vobiz/xml.ts';
import { keyName, type Scene } from './documents.ts';

type CallbackReply = Extract<Reply, { kind: 'callback' }>;

/** So long the caller may take before the first key, and between two. */
const NUMBER_WINDOW_SECS = 10;
const NUMBER_PAUSE_SECS = 4;
const LONGEST_INPUT = 18;
const CONFIRM_WINDOW_SECS = 10;

export function callbackDocument(reply: CallbackReply, scene: Scene): Document {
  const { queue } = scene;
  const say = (text: string) => speak(text, { language: queue.language, voice: queue.voice });
  switch (reply.say) {
    case 'ask':
      return asking(say(question(scene)), scene);
    case 'ask_again':
      return asking(say(`Sorry, that is no number that we can call. ${question(scene)}`), scene);
    case 'read_back':
      return asking(
        say(
          `The number is ${spoken(reply.number)}. If that is right, press hash. Or type another one, and then hash.`,
        ),
        scene,
      );
    case 'no_more':
      return response(
        say('Sorry, we can take no more callbacks from you today. Please hold the line.'),
        redirect(scene.links('/queue-try-agent')),
      );
    case 'noted':
      return response(
        say(
          `Thank you. You keep your place in line, and we will call you back on ${spoken(reply.number)}. Goodbye.`,
        ),
        hangup(),
      );
    case 'confirm':
      return confirming(
        say(`A callback for the queue ${queue.name}. To take it, press ${keyName(queue.confirm_key)}.`),
        reply,
        scene,
      );
    case 'bridge':
      return bridging(
        say(`A callback for the queue ${queue.name}. One moment, we are calling them now.`),
        reply,
        scene,
      );
    case 'unreached':
      return response(say('They did not answer. We will see to it. Goodbye.'), hangup());
    case 'over':
      return response(say('The call is over. Goodbye.'), hangup());
    case 'too_late':
      return response(say('This callback is not needed any more. Goodbye.'), hangup());
  }
}

function question({ call, queue: { callback_country_code: country } }: Scene): string {
  const typed = country === '' ? 'number with its country code' : 'number';
  return callersTelephone(call, country) !== undefined
    ? `We can call you back when it is your turn. For the number that you are calling from, press hash. Or type another ${typed}, and then hash.`
    : `We can call you back when it is your turn. Please type the ${typed}, and then hash.`;
}

const spoken = (telephone = '') => telephone.replace(/\D/g, '').split('').join(' ');

type Spoken = ReturnType<typeof speak>;

/** A lone end key would be told like silence; so there is none, and the hash is looked for among the keys. */
function asking(words: Spoken, { links }: Scene): Document {
  const action = links('/queue-callback');
  return response(
    gather(
      {
        action,
        inputType: 'dtmf',
        finishOnKey: 'none',
        numDigits: LONGEST_INPUT,
        executionTimeout: NUMBER_WINDOW_SECS,
        digitEndTimeout: NUMBER_PAUSE_SECS,
        log: false,
      },
      words,
    ),
    redirect(action),
  );
}

/** An answering machine presses no key. */
function confirming(words: Spoken, { offer = 0 }: CallbackReply, { links }: Scene): Document {
  const action = links('/callback-answered', { offer, confirm: 1 });
  return response(
    gather(
      { action, inputType: 'dtmf', finishOnKey: 'none', numDigits: 1, executionTimeout: CONFIRM_WINDOW_SECS },
      words,
      words,
    ),
    redirect(action),
  );
}

/** The caller is rung, to be bridged to the agent who hears this. */
function bridging(words: Spoken, { offer = 0 }: CallbackReply, { call, queue, links }: Scene): Document {
  const done = (more: Record<string, string> = {}) => links('/callback-done', { offer, ...more });
  return response(
    words,
    dial(
      {
        action: done(),
        callbackUrl: links('/callback-event', { offer, of: 'dial' }),
        callerId: call.from,
        timeout: queue.callback_ring_secs,
        timeLimit: queue.talk_limit_secs,
      },
      number(call.to),
    ),
    redirect(done({ status: 'failed' })),
  );
}
