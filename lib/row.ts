/** A row of the dashboard. */
import { GraphWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';

export const FULL_WIDTH = 24;

/** The graphs of one row share its width. */
export function row(...graphs: { title: string; left: IMetric[]; label?: string }[]): IWidget[] {
  return graphs.map(
    ({ title, left, label }) =>
      new GraphWidget({
        title,
        left,
        width: FULL_WIDTH / graphs.length,
        leftYAxis: { min: 0, showUnits: false, ...(label && { label }) },
      }),
  );
}
