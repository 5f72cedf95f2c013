/**
 * What follows from an entry: endpoints are told, a keyword sets its variable and counts as an alert. An entry of which
 * all that is done is marked in the store; a successor does the rest again, each under the same name as before.
 */
import { change } from '../app/change.ts';
import { setFlowVariable } from '../call/flow-variable.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { announcementOf } from '../transcription/news.ts';
import type { Entry } from '../transcription/transcript.ts';
import { type Telling, telling } from './telling.ts';
import type { TranscriptStage } from './transcribe.ts';

export interface Announcer extends Pick<Telling, 'drained' | 'stop'> {
  announce(entry: Entry): void;
}

export function announcer(stage: TranscriptStage): Announcer {
  const { context, call, order, name } = stage;
  const posts = telling(context, call.id);
  const about = {
    call: call.id,
    name,
    url: order.webhook_url ?? context.settings.TRANSCRIPT_WEBHOOK_URL,
    keywords: order.keywords,
  };

  async function perform(entry: Entry): Promise<void> {
    const news = announcementOf(entry, about);
    const effects = [...(news ? [posts.tell(news)] : []), ...keywordEffects(stage, entry)];
    if (effects.length === 0) return;
    await Promise.all(effects);
    await context.store.transcripts.told(call, name, entry, context.now());
  }

  return {
    announce: entry =>
      void perform(entry).catch(error =>
        log.error('What follows from a transcript could not all be done', error, { call: call.id }),
      ),
    drained: posts.drained,
    stop: posts.stop,
  };
}

function keywordEffects({ context, call, order }: TranscriptStage, entry: Entry): Promise<unknown>[] {
  const keyword = entry.kind === 'keyword' ? order.keywords[entry.keyword] : undefined;
  if (!keyword) return [];
  const { alert = false, variable, phrase, value = phrase } = keyword;
  if (alert) publish([{ name: METRICS.keywordAlerts, value: 1 }], context.now());
  if (variable === undefined) return alert ? [Promise.resolve()] : [];
  return [
    change(context, call.id, held => setFlowVariable(held, variable, value)).catch(error => {
      publish([{ name: METRICS.transcriptionFailures, value: 1 }], context.now());
      log.error('A keyword could not set its variable', error, { call: call.id });
    }),
  ];
}
