/** Whose effects are performed: a call's flow, or one that runs beside a call without a caller. */
export interface Subject {
  call: string;
  /** The run without a caller. */
  run?: string;
  flow: string;
  version: number;
}

/** The same whenever the effect is performed again: receivers tell repetitions by it. */
export const newsId = ({ call, run }: Subject, effect: string): string =>
  [call, ...(run === undefined ? [] : [run]), effect].join('.');

/** What VoIPBin calls an active flow. */
export const activeFlowId = ({ call, run }: Omit<Subject, 'flow' | 'version'>): string =>
  run === undefined ? call : `${call}.${run}`;
