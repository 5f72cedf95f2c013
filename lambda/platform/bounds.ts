/**
 * The least and the greatest value of each numeric setting, both included. The deployment, the functions and, where
 * a queue may choose its own, the App API all check by this table.
 */
export const BOUNDS = {
  MAX_WAIT_CYCLES: [1, 1000],
  /** The built-in music is synthesised in this length, 8 KB a second. */
  HOLD_WAIT_SECS: [1, 300],
  RING_TIMEOUT_SECS: [1, 120],
  /** A task waits for the end of a wrap-up, and a Lambda function lives for 15 minutes. */
  WRAP_UP_SECS: [0, 840],
  RECORD_RETENTION_DAYS: [1, 3650],
  /** How long one `session` function holds a conversation before it hands over; a Lambda function lives 900 s. */
  SESSION_MAX_SECS: [3, 810],
} as const;
