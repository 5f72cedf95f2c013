/**
 * The conversation with everything around it: what the carrier sends goes to the transcriber and to the conversation;
 * what the conversation wants goes to the model, to the voice, to the caller and to the store.
 */
import { isInTalk } from '../call/assisted.ts';
import { streamOf } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';
import type { SavedConversation, StreamPlace } from '../store/conversations.ts';
import type { ConversationEvent, Stepped } from '../voice/conversation.ts';
import { isIdle } from '../voice/step.ts';
import { fill, pieces } from '../voice/wording.ts';
import { aborted } from './aborted.ts';
import { type Books, bookkeeping } from './bookkeeping.ts';
import { type CallerStream, callerStream } from './caller-stream.ts';
import { follow, type StreamListener } from './following.ts';
import { momentToHandOver } from './handing-over.ts';
import { type Hearing, hearing } from './hearing.ts';
import { performer } from './performing.ts';
import { type Speaker, speaker } from './speaking.ts';
import type { Stage } from './stage.ts';
import { talk } from './talk.ts';
import { thinker } from './thinking.ts';

const HANG_UP_LOOK_MS = 300;

/**
 * Resolves when this session has nothing more to do with the call.
 * @throws what broke the conversation, for which another session may do better
 */
export async function converse(
  stage: Stage,
  start: Stepped,
  saved: SavedConversation | undefined,
): Promise<void> {
  const session = assemble(stage, start, saved);
  const { over, broken, books } = session;
  const reading = session.listen();
  try {
    const why = await Promise.race([
      aborted(broken.signal).then(() => {
        throw broken.signal.reason;
      }),
      aborted(over.signal).then(() => 'over' as const),
      aborted(stage.keeping.lost).then(() => 'lost' as const),
      momentToHandOver(stage, session.isQuiet, over.signal).then(() => 'handed over' as const),
    ]);
    session.freeze();
    if (why !== 'lost' && !(await books.store.settle()))
      log.warn('A conversation was not stored at the end of its session', { call: stage.call.id });
    if (why === 'handed over') await books.handOver();
    if (why === 'over') await books.summarise();
    log.info('A session has ended', { call: stage.call.id, generation: stage.task.generation, why });
  } finally {
    session.freeze();
    over.abort();
    await reading;
  }
}

/** The parts and what ties them: events go to `talking`, commands come from it. */
function assemble(stage: Stage, start: Stepped, saved: SavedConversation | undefined) {
  const { context, settings, providers, keeping } = stage;
  const { now } = context;
  const over = new AbortController();
  const broken = new AbortController();
  const end = () => over.abort();

  const emit = (event: ConversationEvent) => {
    if (event.type === 'piece_started') books.answered();
    talking.emit(event);
  };
  const around = { providers, settings, now, emit };
  const mouth = speaker({ ...around, frameMs: Number(context.settings.PLAY_FRAME_MS) });
  const mind = thinker(providers, settings, emit);
  const ear = hearing({ ...around, onReconnect: () => books.reconnected() });
  const stream = callerStream(context, keeping, mouth, () => listener.onClosed());

  const books = bookkeeping(stage, standing, end);
  const perform = performer({ mind, mouth, store: books.store, stage, emit, leave: stream.stop, end });
  const talking = talk(start.conversation, settings, now, {
    perform,
    posted: mouth.posted,
    onBroken: error => broken.abort(error),
  });
  const listener = listenerOf({ stage, stream, mouth, ear, books, emit, over });

  /** What a predecessor has heard of that stream. */
  const before = ({ connection }: StreamPlace): number =>
    saved?.place?.connection === connection ? (saved.after ?? -1) : -1;

  /** What a successor would need. */
  function standing(): SavedConversation {
    const { conversation } = talking;
    const stt_secs = Math.round(start.conversation.usage.stt_secs + ear.seconds());
    return {
      conversation: { ...conversation, usage: { ...conversation.usage, stt_secs } },
      assistant: settings.id,
      ...(stream.place && { place: stream.place, after: ear.heardUntil() ?? before(stream.place) }),
    };
  }

  return {
    over,
    broken,
    books,
    isQuiet: () => isIdle(talking.conversation),
    async listen() {
      if (saved?.place) stream.opened(saved.place);
      if (!saved) for (const text of pieces(fill(settings.greeting, start.conversation))) mouth.prepare(text);
      talking.adopt(start);
      if (!providers.hasKeys) emit({ type: 'lost', detail: 'no_keys' });
      listener.watchTheCall();
      const from = saved?.place && { place: saved.place, after: { inbound: saved.after ?? -1 } };
      const source = { stream: streamOf(stage.task), tracks: ['inbound'], from } as const;
      await follow(context, source, listener, over.signal);
    },
    /** From here on everything is for a successor. May be repeated. */
    freeze() {
      talking.freeze();
      mind.abort();
      mouth.end();
      ear.end();
      books.close(talking.conversation.interruptions - start.conversation.interruptions);
    },
  };
}

interface Parts {
  stage: Stage;
  stream: CallerStream;
  mouth: Speaker;
  ear: Hearing;
  books: Books;
  over: AbortController;
  emit(event: ConversationEvent): void;
}

/** What comes of what the carrier sends, or of its silence. */
function listenerOf({ stage, stream, mouth, ear, books, over, emit }: Parts) {
  const { context, call, n } = stage;

  async function endWithTheCall(): Promise<void> {
    while (!over.signal.aborted && !stream.isOpen) {
      const current = await context.store.calls.one(call.id);
      if (!current || !isInTalk(current, n)) return over.abort();
      await context.pause(HANG_UP_LOOK_MS);
    }
  }

  const listener: StreamListener & { watchTheCall(): void } = {
    /** While there is no stream: a caller who has hung up opens none. The conversation itself would wait for it. */
    watchTheCall() {
      endWithTheCall().catch(error =>
        log.error('It could not be seen whether a caller has hung up', error, { call: call.id }),
      );
    },
    onStart(place) {
      ear.newStream();
      stream.opened(place);
      emit({ type: 'stream_opened' });
    },
    onSound(sound, concealed) {
      if (concealed) books.concealed();
      ear.hear(sound);
    },
    onHappening(event, at) {
      if (event.event === 'dtmf') emit({ type: 'digit', digit: event.digit });
      if (event.event === 'playedStream') emit({ type: 'played', name: event.name, at });
      if (event.event === 'clearedAudio') {
        mouth.cleared();
        emit({ type: 'cleared' });
      }
    },
    onClosed() {
      stream.closed();
      emit({ type: 'stream_closed' });
      listener.watchTheCall();
    },
    onUseless: why => emit({ type: 'lost', detail: why }),
  };
  return listener;
}
