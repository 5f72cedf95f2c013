/** A turn's latencies as metrics. */
import type { Measurement } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import type { Latency } from '../voice/conversation.ts';

const NAMES: Partial<Record<keyof Latency, string>> = {
  endpointing_ms: METRICS.endpointingMs,
  first_token_ms: METRICS.firstTokenMs,
  first_sentence_ms: METRICS.firstSentenceMs,
  first_byte_ms: METRICS.speechFirstByteMs,
  total_ms: METRICS.turnMs,
};

export function measurementsOf(latency: Latency, assistant: string): Measurement[] {
  const stages = Object.entries(NAMES).flatMap(([stage, name]) => {
    const value = latency[stage as keyof Latency];
    return value === undefined ? [] : [{ name, value, assistant }];
  });
  return [{ name: METRICS.assistantTurns, value: 1, assistant }, ...stages];
}
