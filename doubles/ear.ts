/** One connection to the Deepgram double: audio and commands in, messages out, faults as scripted. */
import type { WebSocket } from 'ws';
import type { Desk } from './desk.ts';
import { decodeUlaw } from './g711.ts';
import { type DeepgramMessage, Recogniser } from './recogniser.ts';
import type { Fault, ListenRequest } from './script.ts';

const MODEL = { name: 'double', version: '1', arch: 'tones' };
const GARBAGE = ['not json', '{"type":7}', '[]', '{"type":"Results"}'];
const ERROR = {
  type: 'Error',
  description: 'Internal error',
  message: 'The stream cannot go on.',
  variant: 'double',
};

export class DeepgramEar {
  private readonly request: ListenRequest;
  private readonly recogniser: Recogniser;

  constructor(
    private readonly desk: Desk,
    private readonly socket: WebSocket,
    query: URLSearchParams,
    private readonly fault: Fault | undefined,
    private readonly id: string,
  ) {
    this.request = { at: Date.now(), query: plain(query), bytes: 0, keep_alives: 0, interims: [], heard: [] };
    desk.requests.listen.push(this.request);
    this.recogniser = new Recogniser({
      interimResults: query.get('interim_results') === 'true',
      speechEvents: query.get('vad_events') === 'true',
      endpointingMs: milliseconds(query.get('endpointing') ?? '10'),
      utteranceEndMs: milliseconds(query.get('utterance_end_ms')),
      metadata: { request_id: id, model_uuid: id, model_info: MODEL },
    });
    if (fault?.kind === 'garbage') for (const text of GARBAGE) socket.send(text);
    if (fault?.kind === 'error_inside') this.say([ERROR]);
  }

  hear(audio: Uint8Array): void {
    const { kind, after = 0 } = this.fault ?? {};
    this.request.bytes += audio.length;
    const due = this.request.bytes >= after * 8;
    const messages = this.recogniser.push(decodeUlaw(audio));
    if (kind === 'close' && due) this.socket.terminate();
    else if (kind !== 'empty' && !(kind === 'stall' && due)) this.say(messages);
  }

  obey({ type }: { type?: unknown }): void {
    if (type === 'KeepAlive') this.request.keep_alives++;
    if (type === 'Finalize') this.say(this.recogniser.finalize());
    if (type === 'CloseStream') {
      this.say([...this.recogniser.finalize(), this.summary()]);
      setTimeout(() => this.socket.close(1000), this.desk.timing.transcript_ms);
    }
  }

  closed(code: number): void {
    Object.assign(this.request, { closed_at: Date.now(), code });
  }

  /** In order, each `transcript_ms` late. */
  private say(messages: DeepgramMessage[]): void {
    const delay = this.desk.timing.transcript_ms;
    if (messages.length === 0) return;
    if (delay > 0) setTimeout(() => this.sendAll(messages), delay);
    else this.sendAll(messages);
  }

  private sendAll(messages: DeepgramMessage[]): void {
    for (const message of messages) {
      const text = textOf(message);
      const list = message.is_final === true ? this.request.heard : this.request.interims;
      if (text) list.push({ at: Date.now(), text });
      if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message));
    }
  }

  private summary(): DeepgramMessage {
    return {
      type: 'Metadata',
      transaction_key: 'deprecated',
      request_id: this.id,
      sha256: '0'.repeat(64),
      created: new Date().toISOString(),
      duration: this.recogniser.duration,
      channels: 1,
      models: [this.id],
      model_info: { [this.id]: MODEL },
    };
  }
}

function textOf(message: DeepgramMessage): string {
  if (message.type !== 'Results') return '';
  const { alternatives } = message.channel as { alternatives: { transcript: string }[] };
  return alternatives[0]?.transcript ?? '';
}

/** A number of milliseconds; `false` and nothing mean never. */
const milliseconds = (value: string | null) => (value && /^\d+$/.test(value) ? Number(value) : undefined);

const plain = (query: URLSearchParams): ListenRequest['query'] =>
  Object.fromEntries(
    [...new Set(query.keys())].map(name => {
      const [value = '', ...more] = query.getAll(name);
      return [name, more.length > 0 ? [value, ...more] : value];
    }),
  );
