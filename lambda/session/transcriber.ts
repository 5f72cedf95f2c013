/** The parts of a transcription and what ties them: audio goes to the sides, their words to the book, its entries out. */
import type { Transcription } from '../call/flow-run.ts';
import type { Track } from '../media/frame-log.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import type { StreamPlace } from '../store/conversations.ts';
import type { SavedTranscript, StoredEntry } from '../store/transcripts.ts';
import { hear, loseTrack, type Side } from '../transcription/transcript.ts';
import { wordsOf } from '../transcription/words.ts';
import { transcriber as modelFor } from '../voice/assistant.ts';
import { announcer } from './announcing.ts';
import type { After, StreamListener } from './following.ts';
import { type Listening, listening } from './side.ts';
import type { TranscriptStage } from './transcribe.ts';
import { book } from './transcript-book.ts';

/** How long the endpoints have at the end, as far as the function lives. */
const DRAIN_MS = 45_000;
const LAST_MS = 10_000;
/** As many words of the keywords as the transcriber may be asked to expect. */
const MOST_EXPECTED = 150;

const SIDES: Record<Track, Side> = { inbound: 'caller', outbound: 'agent' };

export type Transcriber = ReturnType<typeof transcriber>;

/** @param entries of a predecessor: what it has not told is told first */
export function transcriber(
  stage: TranscriptStage,
  saved: SavedTranscript | undefined,
  entries: StoredEntry[],
) {
  const { context, task, call, order, name, providers } = stage;
  const { now } = context;
  const superseded = new AbortController();
  const phrases = order.keywords.map(({ phrase }) => phrase);
  const out = announcer(stage);
  let place: StreamPlace | undefined = saved?.place;
  const isOver = saved?.transcript.ended_at !== undefined;
  const sides = new Map(isOver ? [] : tracksOf(order).map(track => [track, sideOf(track)]));
  for (const { told_at, ...entry } of entries) if (told_at === undefined) out.announce(entry);

  const pages = book({
    before: saved?.transcript,
    standing,
    async write(value, added) {
      if (now() >= stage.keeping.mayActUntil()) throw new Error('The lease may have run out.');
      return context.store.transcripts.save(call, name, task.generation, value, added);
    },
    onStored: out.announce,
    onSuperseded: () => superseded.abort(),
    pause: context.pause,
  });

  function sideOf(track: Track): Listening {
    const who = SIDES[track];
    return listening({
      providers,
      settings: settingsOf(order),
      now,
      onWords: words => pages.note(hear(pages.transcript, who, words, phrases)),
      onLost: () => lose(who),
      onReconnect: () => publish([{ name: METRICS.sttReconnects, value: 1 }], now()),
    });
  }

  function lose(who: Side): void {
    publish([{ name: METRICS.transcriptionFailures, value: 1 }], now());
    log.warn('A side of a call cannot be transcribed at the moment', { call: call.id, who });
    pages.note(loseTrack(pages.transcript, who, now()));
  }

  /** What a successor need not hear. */
  function standing(): Omit<SavedTranscript, 'transcript'> {
    if (!place) return {};
    const before = saved?.place?.connection === place.connection ? saved.after : undefined;
    const after = [...sides].map(([track, side]) => [track, side.heardUntil() ?? before?.[track] ?? -1]);
    return { place, after: Object.fromEntries(after) as After };
  }

  return {
    superseded: superseded.signal,
    isOver,
    from: saved?.place && { place: saved.place, after: saved.after ?? {} },
    mark: pages.mark,
    opened(next: StreamPlace): void {
      for (const side of sides.values()) side.newStream();
      place = next;
      pages.mark();
    },
    /** A lost frame is no loss here: it would only be silence. */
    hear: ((sound, concealed, track) => {
      if (!concealed) sides.get(track)?.hear(sound);
    }) satisfies StreamListener['onSound'],
    loseAll(): void {
      for (const track of sides.keys()) lose(SIDES[track]);
    },
    /** Nothing more comes from the stream. */
    async finish(): Promise<void> {
      await Promise.all([...sides.values()].map(side => side.finish()));
      if (!isOver) pages.note({ transcript: { ...pages.transcript, ended_at: now() }, entries: [] });
      if (!(await pages.settle()))
        log.warn('A transcript was not stored at the end of its session', { call: call.id });
      await out.drained(Math.min(DRAIN_MS, stage.remainingMs() - LAST_MS));
    },
    /** From here on everything is for a successor. May be repeated. */
    async stop(): Promise<void> {
      for (const side of sides.values()) side.end();
      if (stage.keeping.mayActUntil() > 0) await pages.settle();
      await pages.close();
      await out.stop();
    },
  };
}

const tracksOf = ({ track }: Transcription): Track[] =>
  track === 'both' ? ['inbound', 'outbound'] : [track];

/** The transcriber is told which phrases to expect. */
function settingsOf({ language, keywords }: Transcription) {
  const phrases = keywords.map(({ phrase }) => phrase);
  const keyterms = phrases.filter(
    (_, at) => wordsOf(phrases.slice(0, at + 1).join(' ')).length <= MOST_EXPECTED,
  );
  return { language, stt: { provider: 'deepgram', model: modelFor(language), keyterms } } as const;
}
