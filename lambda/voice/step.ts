/**
 * The conversation as a state machine: an event at a time comes in, the next conversation and the commands to carry
 * out come back. Nothing here waits, listens or speaks.
 *
 * | event           | opening      | listening     | thinking            | speaking          | leaving           |
 * |-----------------|--------------|---------------|---------------------|-------------------|-------------------|
 * | stream_opened   | greet or     |               | take the reply      | take the reply    | depart            |
 * |                 | take up      |               | up again            | up again          |                   |
 * | stream_closed   |              | opening       | opening             | opening           | depart            |
 * | words           | gather       | gather        | the same question:  | barge in; a back- | take a goodbye    |
 * |                 |              |               | stop, gather        | channel: an aside | back              |
 * | end of turn     |              | thinking      |                     |                   |                   |
 * | digit           | gather       | gather        | stop, gather        | barge in, gather  | take goodbye back |
 * | sentence        |              |               | speak               | speak             | speak             |
 * | first frame     |              |               | speaking            |                   |                   |
 * | model's end     |              |               | tools, or again     | tools             | the last words    |
 * | all heard       |              |               |                     | listening         | depart            |
 * | silence         | depart       | prompt, leave | filler, then depart | filler            |                   |
 * | lost            | depart       | depart        | depart              | depart            | depart            |
 *
 * An empty field changes nothing, and nor does any event once the conversation is over, or one of a past turn.
 */

import { awaited } from './asking.ts';
import type { Assistant } from './assistant.ts';
import { hearSpeech } from './barge-in.ts';
import type { Conversation, ConversationEvent, Stepped } from './conversation.ts';
import { press } from './digits.ts';
import { fail } from './leaving.ts';
import { isQuiet, type Moment, momentOf } from './moment.ts';
import { onOffer } from './outcomes.ts';
import { pieceSent, pieceStarted, played, posted, speechBegun, speechDone, speechFailed } from './playing.ts';
import { firstToken, replyDone, replyFailed, sentence } from './replying.ts';
import { streamClosed, streamOpened } from './stream.ts';
import { settled } from './timers.ts';
import { toolCall, toolDone } from './tool-calls.ts';
import { hear, hearPause } from './words.ts';

type Handlers = {
  [T in ConversationEvent['type']]: (moment: Moment, event: Extract<ConversationEvent, { type: T }>) => void;
};

const nothing = () => undefined;

const HANDLERS: Handlers = {
  stream_opened: streamOpened,
  stream_closed: streamClosed,
  speech_started: hearSpeech,
  transcript: hear,
  utterance_end: hearPause,
  digit: press,
  first_token: firstToken,
  sentence,
  tool_call: toolCall,
  reply_done: replyDone,
  reply_failed: replyFailed,
  tool_done: toolDone,
  speech_begun: speechBegun,
  speech_done: speechDone,
  piece_started: pieceStarted,
  posted,
  piece_sent: pieceSent,
  speech_failed: speechFailed,
  played,
  // Only the playout waits for it.
  cleared: nothing,
  lost: (moment, { detail }) => fail(moment, detail),
  tick: nothing,
};

/**
 * A conversation that waits for its stream.
 * @param outcomes what the flow tells apart that has sent the caller; absent where there is none
 */
export function begin(
  settings: Assistant,
  variables: Record<string, string>,
  now: number,
  outcomes?: string[],
): Conversation {
  const talk: Conversation = {
    phase: 'opening',
    streamless_since: now,
    turn: 0,
    entries: [],
    digits: [],
    prompts: 0,
    variables: { ...variables },
    ...(outcomes && { outcomes: onOffer(outcomes) }),
    interruptions: 0,
    failures: 0,
    spoken: { chars: 0, ms: 0 },
    usage: { stt_secs: 0, llm_input_tokens: 0, llm_output_tokens: 0, tts_chars: 0 },
  };
  return settled(momentOf(talk, settings, now)).conversation;
}

export function step(
  conversation: Conversation,
  event: ConversationEvent,
  settings: Assistant,
  now: number,
): Stepped {
  if (conversation.phase === 'over') return { conversation, commands: [] };
  const moment = momentOf(conversation, settings, now);
  const handle = HANDLERS[event.type] as (moment: Moment, event: ConversationEvent) => void;
  handle(moment, event);
  return settled(moment);
}

/** A good moment to hand over: nobody speaks, and nothing is awaited. */
export function isIdle(conversation: Conversation): boolean {
  return isQuiet(conversation) && awaited(conversation.entries).length === 0;
}
