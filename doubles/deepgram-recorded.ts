/** Deepgram's `/v1/listen` for a whole file: a WAV file of 8 kHz, mono, 16 bits or µ-law; one utterance per pause. */
import { randomUUID } from 'node:crypto';
import { answerJson, type Exchange, keyOf, pause } from './answer.ts';
import { problem, refusalOf } from './deepgram.ts';
import type { Desk } from './desk.ts';
import { decodeUlaw } from './g711.ts';
import { type DeepgramMessage, Recogniser } from './recogniser.ts';

const RATE = 8000;
const MU_LAW = 7;

interface Alternative {
  transcript: string;
  confidence: number;
  words: { start: number; end: number }[];
}

export async function answerListen(desk: Desk, { url, headers, bytes, response }: Exchange): Promise<void> {
  const fault = desk.nextFault('listen');
  const samples = samplesOf(bytes);
  const refusal =
    refusalOf(desk, keyOf(headers), fault) ??
    (samples
      ? undefined
      : problem(400, 'Bad Request', 'failed to process audio: corrupt or unsupported data'));
  if (refusal || !samples) return answerJson(response, refusal ?? { status: 500, body: {} });
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'slow') await pause(fault.ms ?? 0);
  const heard = utterancesIn(samples);
  const transcript = heard.map(one => one.transcript).join(' ');
  answerJson(response, {
    status: 200,
    body: {
      metadata: { request_id: randomUUID(), channels: 1, duration: samples.length / RATE },
      results: {
        channels: [{ alternatives: [{ transcript, confidence: 0.99 }] }],
        ...(url.searchParams.get('utterances') === 'true' && { utterances: heard }),
      },
    },
  });
}

function utterancesIn(samples: Int16Array) {
  const recogniser = new Recogniser({
    interimResults: false,
    speechEvents: false,
    endpointingMs: 800,
    utteranceEndMs: undefined,
    metadata: {},
  });
  const messages: DeepgramMessage[] = [...recogniser.push(samples), ...recogniser.finalize()];
  return messages
    .flatMap(({ channel }) => (channel as { alternatives: Alternative[] } | undefined)?.alternatives ?? [])
    .filter(({ transcript }) => transcript !== '')
    .map(({ transcript, confidence, words }) => ({
      start: words[0]?.start ?? 0,
      end: words.at(-1)?.end ?? 0,
      confidence,
      channel: 0,
      transcript,
      words,
      id: randomUUID(),
    }));
}

/** Undefined for anything but such a file. */
function samplesOf(file: Buffer): Int16Array | undefined {
  if (file.length < 44 || file.toString('latin1', 0, 4) !== 'RIFF') return undefined;
  const [format, channels, rate, bits] = [
    file.readUInt16LE(20),
    file.readUInt16LE(22),
    file.readUInt32LE(24),
    file.readUInt16LE(34),
  ];
  const data = file.subarray(44);
  if (channels !== 1 || rate !== RATE) return undefined;
  if (format === MU_LAW) return decodeUlaw(data);
  if (format !== 1 || bits !== 16) return undefined;
  return Int16Array.from({ length: data.length >> 1 }, (_, at) => data.readInt16LE(at * 2));
}
