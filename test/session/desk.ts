/** An assistant's desk in this process: the product, the doubles and a carrier in real time, for one test each. */

import type { CallerScript } from '../../carrier/index.ts';
import { startCarrier } from '../../carrier/index.ts';
import type { Script } from '../../doubles/script.ts';
import { startDoubles } from '../../doubles/start.ts';
import type { Assistant } from '../../lambda/voice/assistant.ts';
import { type InProcessOptions, startInProcess } from '../support/in-process.ts';

export const LINE = '+911140000000';
const ACCOUNT = { authId: 'MA_DESK', authToken: 'token-of-the-desk' };

export type Desk = Awaited<ReturnType<typeof openDesk>>;

interface DeskOptions {
  assistant?: Partial<Assistant>;
  script?: Script;
  settings?: Record<string, string>;
  product?: Partial<InProcessOptions>;
}

export async function openDesk({
  assistant = {},
  script = {},
  settings = {},
  product = {},
}: DeskOptions = {}) {
  const doubles = await startDoubles();
  doubles.script(script);
  const vobiz = await startCarrier({ ...ACCOUNT, speed: 1, ownedNumbers: [LINE], phones: {}, seed: 7 });
  const running = await startInProcess({
    vobizToken: ACCOUNT.authToken,
    carrierApi: { baseUrl: `${vobiz.url}/api/v1`, ...ACCOUNT },
    ...product,
    settings: {
      DEEPGRAM_URL: doubles.deepgramUrl,
      DEEPGRAM_SPEAK_URL: doubles.deepgramSpeakUrl,
      OPENAI_BASE_URL: doubles.openaiBaseUrl,
      FROM_NUMBER: LINE,
      ...settings,
    },
  });
  vobiz.route({ answerUrl: running.answerUrl, hangupUrl: running.hangupUrl });
  await running.assistant(LINE, { id: 'desk', greeting: 'Hello.', ...assistant });
  return {
    ...running,
    doubles,
    vobiz,
    call: (says: CallerScript['says'], more: Partial<CallerScript> = {}) =>
      vobiz.call({ from: '+919800000001', to: LINE, says, ...more }),
    /** What the model was told in its n-th request, without the instructions. */
    told: (request: number) =>
      (doubles.requests.chat[request]?.messages ?? [])
        .filter(({ role }) => role !== 'system')
        .map(({ role, content }) => `${role}: ${content}`),
    close: async () => {
      await vobiz.stop();
      await running.stop();
      await doubles.stop();
    },
  };
}

/** A test at a desk of its own. */
export const atDesk = (options: DeskOptions, play: (desk: Desk) => Promise<void>) => async () => {
  const desk = await openDesk(options);
  try {
    await play(desk);
  } finally {
    await desk.close();
  }
};
