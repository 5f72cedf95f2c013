/**
 * The conversation with everything around it: what the carrier sends goes to the transcriber and to the conversation;
 * what the conversation wants goes to the model, to the voice, to the caller and to the store.
 */
import { log } from '../platform/log.ts';
import type { SavedConversation } from '../store/conversations.ts';
import type { ConversationEvent, Stepped } from '../voice/conversation.ts';
import { isIdle } from '../voice/step.ts';
import { fill, pieces } from '../voice/wording.ts';
import { bookkeeping } from './bookkeeping.ts';
import { callerStream } from './caller-stream.ts';
import { follow, type Heard } from './following.ts';
import { momentToHandOver } from './handing-over.ts';
import { hearing } from './hearing.ts';
import { performer } from './performing.ts';
import { speaker } from './speaking.ts';
import type { Stage } from './stage.ts';
import { talk } from './talk.ts';
import { thinker } from './thinking.ts';

const HANG_UP_LOOK_MS = 300;

/** Resolves when this session has nothing more to do with the call. */
export async function converse(
  stage: Stage,
  start: Stepped,
  saved: SavedConversation | undefined,
): Promise<void> {
  const session = assemble(stage, start, saved);
  const { over, books } = session;
  const reading = session.listen();
  const handedOver = momentToHandOver(stage, session.isQuiet, over.signal).then(() => 'handed over' as const);
  const why = await Promise.race([
    aborted(over.signal).then(() => 'over' as const),
    aborted(stage.keeping.lost).then(() => 'lost' as const),
    handedOver,
  ]);
  session.freeze();
  over.abort();
  if (why !== 'lost') await books.store.settle();
  if (why === 'handed over') await stage.keeping.release();
  if (why === 'over') await books.summarise();
  await reading;
  log.info('A session has ended', { call: stage.call.id, generation: stage.task.generation, why });
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** The parts and what ties them: events go to `talking`, commands come from it. */
function assemble(stage: Stage, start: Stepped, saved: SavedConversation | undefined) {
  const { context, call, settings, providers, keeping } = stage;
  const { now } = context;
  const over = new AbortController();
  const end = () => over.abort();
  let lastSequence = saved?.after ?? -1;

  const emit = (event: ConversationEvent) => {
    if (event.type === 'piece_started') books.answered();
    talking.emit(event);
  };
  const around = { providers, settings, now, emit };
  const mouth = speaker({ ...around, frameMs: Number(context.settings.PLAY_FRAME_MS) });
  const mind = thinker(providers, settings, emit);
  const ear = hearing({ ...around, onReconnect: () => books.reconnected() });
  const stream = callerStream(context, keeping, mouth, () => heard.onClosed());

  const books = bookkeeping(stage, standing, end);
  const perform = performer({ mind, mouth, store: books.store, stage, emit, leave: stream.stop, end });
  const talking = talk(start.conversation, settings, now, perform, end);

  /** What a successor would need. */
  function standing(): SavedConversation {
    const { conversation } = talking;
    const stt_secs = Math.round(start.conversation.usage.stt_secs + ear.seconds());
    const after = (ear.openFrom() ?? lastSequence + 1) - 1;
    return {
      conversation: { ...conversation, usage: { ...conversation.usage, stt_secs } },
      ...(stream.place && { place: stream.place, after }),
    };
  }

  const heard: Heard = {
    onStart(place) {
      lastSequence = -1;
      stream.opened(place);
      emit({ type: 'stream_opened' });
    },
    onSound(sound, concealed) {
      lastSequence = sound.sequence;
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
      endWithTheCall().catch(error =>
        log.error('It could not be seen whether a caller has hung up', error, { call: call.id }),
      );
    },
    onOutage: () => emit({ type: 'lost', detail: 'frame_log' }),
  };

  /** The conversation itself would wait for another stream. */
  async function endWithTheCall(): Promise<void> {
    while (!over.signal.aborted && !stream.isOpen) {
      const { state } = (await context.store.calls.one(call.id)) ?? {};
      if (state !== 'assisted') return end();
      await context.pause(HANG_UP_LOOK_MS);
    }
  }

  return {
    over,
    books,
    isQuiet: () => isIdle(talking.conversation),
    async listen() {
      if (saved?.place) stream.opened(saved.place);
      if (!saved) for (const text of pieces(fill(settings.greeting, start.conversation))) mouth.prepare(text);
      talking.adopt(start);
      if (!providers.hasKeys) emit({ type: 'lost', detail: 'no_keys' });
      const from = saved?.place && { place: saved.place, after: saved.after ?? -1 };
      await follow(context, call.id, from, heard, over.signal);
    },
    /** From here on everything is for a successor. */
    freeze() {
      talking.freeze();
      mind.abort();
      mouth.end();
      ear.end();
      books.close();
    },
  };
}
