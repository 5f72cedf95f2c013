/** The child of synthesize.ts: takes the app's options, synthesizes, reports and ends. */
import { type AppOptions, createApp } from '../lib/app.ts';
import type { SynthesisReport } from './synthesize.ts';

process.once('message', (options: AppOptions) => {
  const report: SynthesisReport = {};
  try {
    createApp(options).synth();
  } catch (error) {
    report.objection = error instanceof Error ? error.message : String(error);
  }
  process.send?.(report, () => process.disconnect());
});
