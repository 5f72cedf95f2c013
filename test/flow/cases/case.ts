import type { Told } from '../line.ts';

/** One action, then somebody says "next"; a jump leads to "else". */
export interface Case {
  option?: Record<string, unknown>;
  variables?: Record<string, string>;
  /** Verbs of the first document, up to the "next". */
  verbs?: object[];
  effects?: object[];
  told?: Told;
  /** Where it goes on (next). */
  says?: 'next' | 'else' | 'nothing';
  sets?: Record<string, string>;
}

export type Cases = Record<string, Case[]>;

export const tel = (target: string) => ({ type: 'tel', target });
