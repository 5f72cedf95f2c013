/**
 * The caller's audio goes to the transcriber, for as long as the conversation lasts, over as many connections as it
 * takes. What has not come back as a final transcript is kept and said again on the next connection, so that no word
 * is lost with a connection. A transcriber that stays silent although somebody has spoken counts as lost.
 */
import type { Assistant } from '../voice/assistant.ts';
import type { ConversationEvent } from '../voice/conversation.ts';
import type { SttEvent, SttStream } from '../voice/providers/provider.ts';
import { aborted } from './aborted.ts';
import type { Providers } from './providers.ts';
import { silenceWatch } from './silence.ts';
import { BYTES_PER_SEC, createTape, type Sound, type Tape } from './sound.ts';

/** Waits before each further connection, until one has given a sign of life. */
const RECONNECT_MS = [0, 200, 600, 1200];
const KEEP_ALIVE_MS = 4000;

export interface Hearing {
  hear(sound: Sound): void;
  /** What comes from here on is another stream's. */
  newStream(): void;
  /** The last sequence of the present stream that a successor need not hear; undefined when nothing has come. */
  heardUntil(): number | undefined;
  /** Seconds of audio sent to the transcriber. */
  seconds(): number;
  /** No more audio comes. Resolves when the last words have come back, or it is known that they will not. */
  finish(): Promise<void>;
  end(): void;
}

export type HeardEvent = Extract<
  ConversationEvent,
  { type: 'speech_started' | 'transcript' | 'utterance_end' | 'lost' }
>;

interface Surroundings {
  providers: Providers;
  settings: Pick<Assistant, 'stt' | 'language'>;
  now(): number;
  /** After `lost` nothing comes. */
  emit(event: HeardEvent): void;
  onReconnect(): void;
  /** What another hearing has left open; a new one unless given. */
  tape?: Tape;
}

export function hearing({
  providers,
  settings,
  now,
  emit,
  onReconnect,
  tape = createTape(),
}: Surroundings): Hearing {
  const finished = new AbortController();
  let finishing = false;
  let stream: SttStream | undefined;
  let failures = 0;
  let suspected = false;
  let hasOpened = false;
  let ended = false;
  let sentBytes = 0;
  let sentAt = now();
  const silence = silenceWatch(now);

  function open(): void {
    hasOpened = false;
    const mine = providers.stt[settings.stt.provider](
      { ...settings.stt, language: settings.language },
      event => {
        if (mine === stream && !ended) take(event);
      },
    );
    stream = mine;
    for (const sound of tape.rewind()) send(sound);
  }

  function send(sound: Sound): void {
    sentBytes += sound.audio.length;
    sentAt = now();
    stream?.send(sound.audio);
  }

  function take(event: SttEvent): void {
    if (event.type === 'closed') {
      if (finishing) finished.abort();
      else reopen(event.refused);
      return;
    }
    if (isOpening(event)) {
      // What waited for the connection has been sent.
      if (finishing) stream?.close();
      return;
    }
    silence.hush();
    suspected = false;
    if (event.type !== 'alive') failures = 0;
    if (event.type === 'speech_started') emit({ type: 'speech_started' });
    if (event.type === 'utterance_end') emit({ type: 'utterance_end' });
    if (event.type === 'alive' && event.until !== undefined) tape.covered(event.until);
    if (event.type !== 'transcript') return;
    if (event.final) tape.covered(event.until);
    emit({
      type: 'transcript',
      text: event.text,
      final: event.final,
      speech_final: event.speech_final,
      began_at: tape.at(event.began),
      ended_at: tape.at(event.ended),
    });
  }

  function reopen(refused: boolean): void {
    stream = undefined;
    const wait = RECONNECT_MS[failures++];
    if (wait === undefined || (refused && failures > 2)) {
      lose();
      return;
    }
    onReconnect();
    const renewed = refused ? providers.renewKeys() : Promise.resolve();
    setTimeout(() => void renewed.then(again, again), wait);
  }

  /** Another connection gets the same words, and as much time for them; then there is no transcriber. */
  function replace(silent: SttStream): void {
    stream = undefined;
    silent.close();
    if (suspected) {
      lose();
      return;
    }
    suspected = true;
    silence.wait();
    onReconnect();
    open();
  }

  function lose(): void {
    finished.abort();
    emit({ type: 'lost', detail: 'stt' });
  }

  /** That a connection opens says nothing of what it will hear. */
  function isOpening({ type }: SttEvent): boolean {
    const first = !hasOpened;
    hasOpened = true;
    return first && type === 'alive';
  }

  const again = () => {
    if (!ended) open();
  };

  const pulse = setInterval(() => {
    if (stream && now() - sentAt > KEEP_ALIVE_MS) {
      sentAt = now();
      stream.keepAlive();
    }
    if (stream && !finishing && silence.isSuspicious()) replace(stream);
  }, 100);

  open();
  return {
    hear(sound) {
      tape.add(sound, stream !== undefined);
      silence.listen(sound);
      if (stream) send(sound);
    },
    newStream: tape.newStream,
    heardUntil: tape.coveredUntil,
    seconds: () => sentBytes / BYTES_PER_SEC,
    finish() {
      finishing = true;
      if (hasOpened) stream?.close();
      return aborted(finished.signal);
    },
    end() {
      ended = true;
      clearInterval(pulse);
      finished.abort();
      stream?.close();
    },
  };
}
