/** OpenAI's `/v1/audio/speech`: PCM of 24 kHz, 16 bits, little-endian, without a header. */
import { answerJson, type Exchange, ending, keyOf, pause, stream } from './answer.ts';
import type { Desk } from './desk.ts';
import { problem, refusalOf } from './openai.ts';
import type { SpeechRequest } from './script.ts';
import { paced, pcmOf, wavHeader } from './speech.ts';

const PCM_RATE = 24_000;

export async function answerSpeech(desk: Desk, { headers, body, response }: Exchange): Promise<void> {
  const text = String(body.input ?? '');
  const request: SpeechRequest = {
    at: Date.now(),
    provider: 'openai',
    model: String(body.model ?? ''),
    voice: String(body.voice ?? ''),
    text,
  };
  desk.requests.speech.push(request);
  const fault = desk.nextFault('speech');
  const end = ending(response, request);
  const refusal = refusalOf(desk, keyOf(headers), fault) ?? misses(request, body.response_format);
  if (refusal) {
    answerJson(response, refusal);
    return end('fault');
  }
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'slow') await pause(fault.ms ?? 0);
  const rate = fault?.kind === 'plain' ? 16_000 : PCM_RATE;
  const pcm = fault?.kind === 'empty' ? new Uint8Array(0) : pcmOf(text, rate);
  const audio = fault?.kind === 'plain' ? Buffer.concat([wavHeader(rate), pcm]) : pcm;
  response.writeHead(200, { 'content-type': fault?.kind === 'plain' ? 'audio/wav' : 'audio/pcm' });
  end(await stream(response, paced(audio, rate * 2, desk.timing), fault));
}

const misses = ({ model, voice, text }: SpeechRequest, format: unknown) =>
  model && voice && text && format === 'pcm'
    ? undefined
    : problem(400, 'invalid_request_error', 'This double needs model, voice, input and response_format pcm.');
