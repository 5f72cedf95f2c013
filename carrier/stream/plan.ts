/** A `<Stream>` as its attributes ask for it, and what makes one impossible. */
import type { Call } from '../call.ts';
import { flag, method, number } from '../elements/element.ts';
import { HANGUP } from '../hangup.ts';
import type { XmlElement } from '../xml.ts';
import { formatOf, type SoundFormat } from './sound.ts';

export interface StreamPlan {
  url: string;
  bidirectional: boolean;
  /** The document waits until the stream has ended. */
  exclusive: boolean;
  tracks: ('inbound' | 'outbound')[];
  format: SoundFormat;
  /** New sockets after a loss. */
  maxRetries: number;
  timeoutMs: number;
  status?: { url: string; method: string };
  /** `X-VH-*` fields of the status callbacks: where extra headers really surface. */
  extra: Record<string, string>;
}

const DEFAULT_TYPE = 'audio/x-l16;rate=8000';
const MOST_RETRIES = 10;
const DAY_SECS = 86_400;
const LONGEST_EXTRA_BYTES = 512;

/** The plan, or why no stream starts. Ends the call with 4010 for tracks that a bidirectional stream cannot have. */
export function readStreamPlan(element: XmlElement, call: Call): StreamPlan | string {
  const {
    contentType = DEFAULT_TYPE,
    audioTrack = 'inbound',
    statusCallbackUrl,
    extraHeaders,
  } = element.attributes;
  const bidirectional = flag(element, 'bidirectional', false);
  if (bidirectional && audioTrack !== 'inbound') {
    const reason = `A bidirectional <Stream> must have audioTrack="inbound", not "${audioTrack}".`;
    call.drop({ ...HANGUP.endOfXml, reason });
  }
  const format = formatOf(contentType);
  if (!format) return `contentType="${contentType}" makes no usable media`;
  if (!isSocketUrl(element.text)) return `"${pathOf(element.text)}" is no wss URL`;
  const keepCallAlive = flag(element, 'keepCallAlive', false);
  if (keepCallAlive && !bidirectional) call.complain('keepCallAlive needs a bidirectional <Stream>');
  return {
    url: element.text,
    bidirectional,
    exclusive: keepCallAlive && bidirectional,
    tracks:
      audioTrack === 'both'
        ? ['inbound', 'outbound']
        : audioTrack === 'outbound'
          ? ['outbound']
          : ['inbound'],
    format,
    maxRetries: Math.min(number(call, element, 'maxRetries', 0), MOST_RETRIES),
    timeoutMs: number(call, element, 'streamTimeout', DAY_SECS) * 1000,
    extra: extraFields(extraHeaders),
    ...(statusCallbackUrl && {
      status: { url: statusCallbackUrl, method: method(element, 'statusCallbackMethod') },
    }),
  };
}

/** Plain `ws` only on this machine. */
function isSocketUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'wss:' || (protocol === 'ws:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}

/** Tokens in a query are nobody's business. */
const pathOf = (text: string) => text.split('?')[0] ?? '';

/** `tidX-VH=7` arrives as `X-VH-tid`; keys of another form, and a set that is too long, are lost. */
function extraFields(headers = ''): Record<string, string> {
  if (Buffer.byteLength(headers) > LONGEST_EXTRA_BYTES) return {};
  const pairs = [...headers.matchAll(/([A-Za-z0-9]+)X-VH=([A-Za-z0-9]*)/g)];
  return Object.fromEntries(pairs.map(([, key, value = '']) => [`X-VH-${key}`, value]));
}
