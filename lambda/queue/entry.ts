/** Where a dialled number leads: to one of the three. A number without an entry leads to the default queue. */
export interface NumberEntry {
  /** E.164, with the plus. */
  number: string;
  queue?: string;
  assistant?: string;
  flow?: string;
}
