/**
 * Performs effects of a flow: all at once, since one that is slow must keep no other waiting; each is noted as soon as
 * it is done. What fails for reasons of ours is come back to.
 */
import { type Requested, requestCallback } from '../../app/callbacks.ts';
import type { Context } from '../../app/context.ts';
import { flowOf } from '../../app/flows.ts';
import type { Done } from '../../call/flow-todo.ts';
import type { Effect } from '../../flow/effect.ts';
import { log } from '../../platform/log.ts';
import { publish } from '../../platform/metrics.ts';
import { METRICS } from '../../platform/names.ts';
import { placeCalls } from './calls.ts';
import { endChained } from './chained.ts';
import { performHttp, sendNews } from './http.ts';
import { stopRecording, stopTranscribing, transcribeRecordings } from './recordings.ts';
import { type Alone, runAlone } from './run.ts';
import type { Subject } from './subject.ts';

export type Note = (effect: Effect, done: Done) => Promise<void>;

/** @throws what the first failing `note` throws, when all is performed */
export async function performAll(
  context: Context,
  subject: Subject,
  effects: Effect[],
  note: Note,
): Promise<void> {
  // One at a time, so that they do not overtake one another.
  let noting: Promise<void> = Promise.resolve();
  const results = await Promise.allSettled(
    effects.map(async effect => {
      const done = await outcomeOf(context, subject, effect);
      const next = () => note(effect, done);
      noting = noting.then(next, next);
      await noting;
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function outcomeOf(context: Context, subject: Subject, effect: Effect): Promise<Done> {
  const { call, run, flow } = subject;
  const fields = { call, run, effect: effect.id, do: effect.do };
  try {
    const done = await perform(context, subject, effect);
    if (done === 'later' || done.failed === undefined) return done;
    log.warn('An effect of a flow could not be had', { ...fields, why: done.failed });
    publish([{ name: METRICS.flowEffectFailures, value: 1, ...(flow !== '' && { flow }) }], context.now());
    return done;
  } catch (error) {
    log.error('An effect of a flow could not be performed; the sweeper tries again', error, fields);
    return 'later';
  }
}

async function perform(context: Context, subject: Subject, effect: Effect): Promise<Done> {
  switch (effect.do) {
    case 'http':
      return performHttp(context, subject, effect);
    case 'send':
      return sendNews(context, subject, effect);
    case 'call':
      return placeCalls(context, subject, effect);
    case 'end_chained':
      return endChained(context, subject);
    case 'stop_recording':
      return stopRecording(context, subject);
    case 'stop_transcription':
      return stopTranscribing(context, subject);
    case 'transcribe_recordings':
      return transcribeRecordings(context, subject, effect);
    case 'start_flow':
      return runAlone(context, aloneFrom(subject, effect), performAll);
    case 'request_callback':
      return callBack(await requestCallback(context, { id: subject.call }, effect));
    case 'load_flow':
      return found(await flowOf(context, effect.flow));
    default:
      return { failed: 'it needs a caller', news: { type: 'failed', why: 'nobody is on the line' } };
  }
}

const callBack = (requested: Requested): Done =>
  requested.kind === 'refused'
    ? { failed: requested.why, news: { type: 'failed', why: requested.why } }
    : {
        news: {
          type: 'callback_requested',
          status: requested.is_new ? 'requested' : 'known',
          id: requested.callback,
          number: requested.number,
        },
      };

const aloneFrom = (
  { call, run }: Subject,
  { id, flow, variables, completes }: Extract<Effect, { do: 'start_flow' }>,
): Alone => ({ call, run: run === undefined ? id : `${run}.${id}`, flow, variables, completes });

const found = (flow: { id: string; version: number } | undefined): Done => ({
  news: { type: 'flow_loaded', ...(flow && { flow: { id: flow.id, version: flow.version } }) },
});
