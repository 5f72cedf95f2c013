/**
 * What a stream is called: leases, tokens, connections and conversations go by this name, so that each of the streams
 * that a call may have has its own. The first conversation has the name of its call.
 *
 *     <call>                 the first conversation
 *     <call>#talk-2          the second one
 *     <call>#transcript-1    the first transcription, beside whatever else the call does
 */
import type { SessionTask } from '../app/task.ts';

export type StreamKind = 'talk' | 'transcript';

interface NamedStream {
  call: string;
  kind: StreamKind;
  /** 1 for the first of its kind in the call. */
  n: number;
}

export function streamName(call: string, kind: StreamKind, n: number): string {
  return kind === 'talk' && n === 1 ? call : `${call}#${kind}-${n}`;
}

export function readStreamName(name: string): NamedStream {
  const [, call, kind, n] = /^(.+)#(talk|transcript)-(\d+)$/s.exec(name) ?? [];
  return call === undefined
    ? { call: name, kind: 'talk', n: 1 }
    : { call, kind: kind as StreamKind, n: Number(n) };
}

export const callOfStream = (name: string): string => readStreamName(name).call;

/** What a session of that stream is started for. */
export function sessionTask(stream: string, generation: number): SessionTask {
  const call = callOfStream(stream);
  return { call, ...(stream !== call && { stream }), generation };
}

export const streamOf = ({ call, stream = call }: SessionTask): string => stream;
