/**
 * CloudWatch metrics in the embedded metric format: a log line that CloudWatch counts, as long as nothing is
 * wrapped around it. Each value counts once for its queue, its assistant or its flow, and once without a dimension, so that a
 * dashboard shows them apart and an alarm watches all.
 */
import { METRICS } from './names.ts';
import { output } from './output.ts';

export interface Measurement {
  name: string;
  value: number;
  /** What it is of; at most one of the three. */
  queue?: string;
  assistant?: string;
  flow?: string;
}

export function publish(measurements: Measurement[], now: number): void {
  for (const subject of new Set(measurements.map(subjectOf)))
    output.out(
      embedded(
        measurements.filter(one => subjectOf(one) === subject),
        now,
      ),
    );
}

const subjectOf = ({ queue, assistant, flow }: Measurement) => JSON.stringify([queue, assistant, flow]);

/** One EMF document for measurements of one queue, of one assistant, or of nothing in particular. */
export function embedded(measurements: Measurement[], now: number): string {
  const values: Record<string, number[]> = {};
  for (const { name, value } of measurements) values[name] = [...(values[name] ?? []), value];
  const subject = dimensionsOf(measurements[0]);
  const dimensions = [[], ...Object.keys(subject).map(dimension => [dimension])];
  const metrics = Object.keys(values).map(Name => ({ Name, Unit: unitOf(Name) }));
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: METRICS.namespace, Dimensions: dimensions, Metrics: metrics }],
    },
    ...subject,
    ...values,
  });
}

const dimensionsOf = ({ queue, assistant, flow }: Partial<Measurement> = {}): Record<string, string> => ({
  ...(queue !== undefined && { [METRICS.dimension]: queue }),
  ...(assistant !== undefined && { [METRICS.assistantDimension]: assistant }),
  ...(flow !== undefined && { [METRICS.flowDimension]: flow }),
});

const unitOf = (name: string) => (name.endsWith('Milliseconds') ? 'Milliseconds' : 'Count');
