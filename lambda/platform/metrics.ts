/**
 * CloudWatch metrics in the embedded metric format: a log line that CloudWatch counts, as long as nothing is
 * wrapped around it. Each value counts once for its queue and once without a dimension, so that a dashboard shows
 * queues apart and an alarm watches all.
 */
import { METRICS } from './names.ts';
import { output } from './output.ts';

export interface Measurement {
  name: string;
  value: number;
  queue?: string;
}

export function publish(measurements: Measurement[], now: number): void {
  for (const queue of new Set(measurements.map(one => one.queue)))
    output.out(
      embedded(
        measurements.filter(one => one.queue === queue),
        queue,
        now,
      ),
    );
}

/** One EMF document for measurements of one queue. */
export function embedded(measurements: Measurement[], queue: string | undefined, now: number): string {
  const values: Record<string, number[]> = {};
  for (const { name, value } of measurements) values[name] = [...(values[name] ?? []), value];
  const dimensions = queue === undefined ? [[]] : [[], [METRICS.dimension]];
  const metrics = Object.keys(values).map(Name => ({ Name, Unit: unitOf(Name) }));
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: METRICS.namespace, Dimensions: dimensions, Metrics: metrics }],
    },
    ...(queue !== undefined && { [METRICS.dimension]: queue }),
    ...values,
  });
}

const unitOf = (name: string) => (name.endsWith('Milliseconds') ? 'Milliseconds' : 'Count');
