/**
 * What an application says on its stream, read as laxly as Vobiz does: whatever can be understood is done, and
 * everything that its documents forbid becomes a complaint.
 */
import { decodeSound, type SoundFormat } from './sound.ts';

export type Command =
  | { do: 'play'; pcm: Int16Array }
  | { do: 'checkpoint'; name: string }
  | { do: 'clear' }
  | { do: 'stop' };

export interface Understood {
  command?: Command;
  complaints: string[];
}

const RATES: Record<SoundFormat['encoding'], number[]> = {
  'audio/x-mulaw': [8000],
  'audio/x-l16': [8000, 16_000, 24_000],
};

/** @param stream the id of the stream that is open */
export function understand(text: string, stream: string): Understood {
  const message = parse(text);
  if (!message) return { complaints: ['a message was no JSON object'] };
  const { event, streamId } = message;
  const name = typeof event === 'string' ? event : '';
  if (!['playAudio', 'checkpoint', 'clearAudio', 'stop'].includes(name))
    return { complaints: [unknown(message)] };
  if (streamId !== undefined && streamId !== stream) {
    return { complaints: [`${name} named another stream than the open one`] };
  }
  const understood = commandOf(name, message);
  if (streamId === undefined) understood.complaints.push(`${name} lacked its streamId`);
  return understood;
}

function commandOf(event: string, message: Record<string, unknown>): Understood {
  if (event === 'clearAudio') return { command: { do: 'clear' }, complaints: [] };
  if (event === 'stop') return { command: { do: 'stop' }, complaints: [] };
  if (event === 'playAudio') return playAudio(message.media);
  const { name } = message;
  if (typeof name !== 'string' || name === '') return { complaints: ['checkpoint lacked its name'] };
  return { command: { do: 'checkpoint', name }, complaints: [] };
}

function playAudio(media: unknown): Understood {
  const { contentType = '', sampleRate, payload } = Object(media) as Record<string, unknown>;
  const complaints: string[] = [];
  const [bare = '', more] = String(contentType).split(';');
  const encoding = bare.trim() as SoundFormat['encoding'];
  const rate = Number(sampleRate);
  if (!RATES[encoding]?.includes(rate)) {
    return { complaints: [`playAudio of "${contentType}" at ${sampleRate} Hz cannot be played`] };
  }
  if (more !== undefined) complaints.push('playAudio had a contentType that is not bare');
  if (typeof sampleRate !== 'number') complaints.push('playAudio had a sampleRate that is no number');
  if (typeof payload !== 'string' || !isBase64(payload)) {
    return { complaints: [...complaints, 'playAudio had a payload that is not base64'] };
  }
  const bytes = Buffer.from(payload, 'base64');
  if (bytes.length === 0) complaints.push('playAudio was empty');
  if (bytes.toString('latin1', 0, 4) === 'RIFF') complaints.push('playAudio had a WAV header');
  if (encoding === 'audio/x-l16' && bytes.length % 2 === 1) complaints.push('playAudio cut a sample in two');
  return { command: { do: 'play', pcm: decodeSound(bytes, encoding, rate) }, complaints };
}

const isBase64 = (text: string) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);

/** API Gateway answers a failed invocation on the socket itself, and Vobiz makes nothing of it. */
function unknown(message: Record<string, unknown>): string {
  const isGateway = typeof message.message === 'string' && 'connectionId' in message;
  return isGateway
    ? `API Gateway sent an error frame: ${message.message}`
    : 'a message had no event that Vobiz knows';
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
