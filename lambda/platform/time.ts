/** The calendar of records and reports: hours and days of UTC, in epoch ms. */

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Start of the hour. */
export const hourOf = (ms: number) => ms - (ms % HOUR_MS);

/** Start of the day. */
export const dayOf = (ms: number) => ms - (ms % DAY_MS);
