/**
 * The whole product with an assistant on stage: the synthesized stack on the local host, the doubles as its providers,
 * and the carrier in real time, whose callers speak and hear in tones. Everything crosses the wire, as in production.
 */
import type { CallerScript, Say } from '../../carrier/index.ts';
import { type DoublesOptions, startDoubles } from '../../doubles/start.ts';
import { done, openStage, type StageOptions } from './stage.ts';

export type AssistantStage = Awaited<ReturnType<typeof openAssistantStage>>;

export async function openAssistantStage({
  doubles: options = {},
  ...stage
}: StageOptions & { doubles?: DoublesOptions } = {}) {
  const doubles = await startDoubles(options);
  const opened = await openStage({
    ...stage,
    settings: {
      DEEPGRAM_URL: doubles.deepgramUrl,
      DEEPGRAM_SPEAK_URL: doubles.deepgramSpeakUrl,
      OPENAI_BASE_URL: doubles.openaiBaseUrl,
      ...stage.settings,
    },
    host: {
      ...stage.host,
      secrets: { DEEPGRAM_API_KEY: 'double-key', OPENAI_API_KEY: 'double-key', ...stage.host?.secrets },
    },
    carrier: { speed: 1, ...stage.carrier },
  });
  let assistants = 0;

  /** An assistant of its own behind a number and in front of a queue of its own. */
  const openAssistant = async (choices: object = {}) => {
    const queue = await opened.openQueue();
    const id = `assistant-${++assistants}`;
    const number = `+9133${String(assistants).padStart(8, '0')}`;
    await done(opened.api('PUT', `/assistants/${id}`, { queue: queue.id, ...choices }));
    await done(opened.api('PUT', `/numbers/${encodeURIComponent(number)}`, { assistant: id }));
    return {
      id,
      queue,
      call: (says: Say[], script: Partial<CallerScript> = {}) =>
        opened.vobiz.call({
          from: `+9144${String(++callers).padStart(8, '0')}`,
          to: number,
          says,
          ...script,
        }),
    };
  };
  let callers = 0;

  return {
    ...opened,
    doubles,
    openAssistant,
    close: async () => {
      await opened.close();
      await doubles.stop();
    },
  };
}
