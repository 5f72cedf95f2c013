/** The carrier's two clocks on paper: `SessionStart` in UTC with microseconds, everything else in Indian time. */
const IST_OFFSET_MS = 5.5 * 3600 * 1000;

/** `2026-08-31 20:08:21.073000` */
export function utcMicros(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}000`;
}

/** `2026-09-01 01:38:21` */
export function indianTime(ms: number): string {
  return new Date(ms + IST_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}
