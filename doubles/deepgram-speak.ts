/** Deepgram's `/v1/speak` (Aura): µ-law of 8 kHz without a container. */
import { answerJson, type Exchange, ending, keyOf, pause, stream } from './answer.ts';
import { problem, refusalOf } from './deepgram.ts';
import type { Desk } from './desk.ts';
import type { SpeechRequest } from './script.ts';
import { paced, ulawOf } from './speech.ts';

const WANTED = { encoding: 'mulaw', sample_rate: '8000', container: 'none' };

export async function answerSpeak(desk: Desk, { url, headers, body, response }: Exchange): Promise<void> {
  const text = String(body.text ?? '');
  const model = url.searchParams.get('model') ?? 'aura-asteria-en';
  const request: SpeechRequest = { at: Date.now(), provider: 'deepgram', model, voice: model, text };
  desk.requests.speech.push(request);
  const fault = desk.nextFault('speak');
  const end = ending(response, request);
  const refusal = refusalOf(desk, keyOf(headers), fault) ?? misses(url.searchParams, text);
  if (refusal) {
    answerJson(response, refusal);
    return end('fault');
  }
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'slow') await pause(fault.ms ?? 0);
  response.writeHead(200, { 'content-type': 'audio/mulaw' });
  const audio = fault?.kind === 'empty' ? new Uint8Array(0) : ulawOf(text);
  end(await stream(response, paced(audio, 8000, desk.timing), fault));
}

function misses(query: URLSearchParams, text: string) {
  const fits = Object.entries(WANTED).every(([name, value]) => query.get(name) === value);
  return text && fits
    ? undefined
    : problem(400, 'Bad Request', 'This double speaks a text as mulaw of 8000 without a container.');
}
