/** What Deepgram's messages mean to a conversation. Whatever is not understood is still a sign of life. */
import { asObject, objectIn } from './exchange.ts';
import type { SttEvent } from './provider.ts';

export function readMessage(text: string): SttEvent {
  const message = objectIn(text);
  switch (message.type) {
    case 'Results':
      return resultOf(message);
    case 'SpeechStarted':
      return { type: 'speech_started', at: seconds(message.timestamp) };
    case 'UtteranceEnd':
      return { type: 'utterance_end', last_word_ended: seconds(message.last_word_end) };
    case 'Error':
      return { type: 'closed', refused: false, reason: 'Deepgram reported an error' };
    default:
      return { type: 'alive' };
  }
}

/** Without words it is a sign of life, unless it ends the utterance whose words came before. */
function resultOf(message: Record<string, unknown>): SttEvent {
  const { alternatives } = asObject(message.channel);
  const { transcript, words } = asObject(Array.isArray(alternatives) ? alternatives[0] : undefined);
  const text = typeof transcript === 'string' ? transcript.trim() : '';
  const speech_final = message.speech_final === true;
  const final = message.is_final === true;
  const start = seconds(message.start);
  const until = start + seconds(message.duration);
  if (!text && !speech_final) return { type: 'alive', ...(final && { until }) };
  const timed: unknown[] = Array.isArray(words) ? words : [];
  return {
    type: 'transcript',
    text,
    final,
    speech_final,
    began: timed.length > 0 ? seconds(asObject(timed[0]).start) : start,
    ended: timed.length > 0 ? seconds(asObject(timed.at(-1)).end) : until,
    until,
  };
}

const seconds = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.max(0, value) : 0;
