/**
 * Why a leg ended, in the carrier's words: SIP cause, numeric code, the code's name and who ended it.
 * Codes and names follow Vobiz's published hang-up causes.
 */
export interface Hangup {
  cause: string;
  code: number;
  name: string;
  source: string;
  /** For people: what went wrong. Never sent to the application. */
  reason?: string;
}

const hangup = (cause: string, code: number, name: string, source: string): Hangup => ({
  cause,
  code,
  name,
  source,
});

export const HANGUP = {
  byCaller: hangup('NORMAL_CLEARING', 4000, 'Normal Hangup', 'Caller'),
  byCallee: hangup('NORMAL_CLEARING', 4000, 'Normal Hangup', 'Callee'),
  byXml: hangup('NORMAL_CLEARING', 4000, 'Normal Hangup', 'Answer XML'),
  byApi: hangup('NORMAL_CLEARING', 4000, 'Normal Hangup', 'API Request'),
  endOfXml: hangup('NORMAL_CLEARING', 4010, 'End Of XML Instructions', 'Vobiz'),
  canceledByApi: hangup('ORIGINATOR_CANCEL', 1000, 'Canceled', 'API Request'),
  callerGaveUp: hangup('ORIGINATOR_CANCEL', 1000, 'Canceled', 'Caller'),
  rejected: hangup('CALL_REJECTED', 3020, 'Rejected', 'Answer XML'),
  rejectedByCallee: hangup('CALL_REJECTED', 3020, 'Rejected', 'Callee'),
  busyByXml: hangup('USER_BUSY', 3010, 'Busy Line', 'Answer XML'),
  busy: hangup('USER_BUSY', 3010, 'Busy Line', 'Carrier'),
  noAnswer: hangup('NO_ANSWER', 6010, 'Ring Timeout Reached', 'Vobiz'),
  unreachable: hangup('NORMAL_TEMPORARY_FAILURE', 5020, 'Routing Error', 'Carrier'),
  unknownCallerId: hangup('CALL_REJECTED', 3030, 'Unknown Caller ID', 'Vobiz'),
  lostRace: hangup('LOSE_RACE', 9000, 'Lost Race', 'Vobiz'),
  machine: hangup('NORMAL_CLEARING', 9100, 'Machine Detected', 'Vobiz'),
  confirmFailed: hangup('NORMAL_CLEARING', 9110, 'Confirm Key Challenge Failed', 'Vobiz'),
  scheduled: hangup('ALLOTTED_TIMEOUT', 6000, 'Scheduled Hangup', 'Vobiz'),
  internal: hangup('NORMAL_TEMPORARY_FAILURE', 5010, 'Internal Error', 'Error'),
} as const;

/** Where a document came from; each has its own codes for an unreachable URL and for unusable XML. */
export type Origin = 'answer' | 'action' | 'transfer' | 'redirect';

const ORIGIN = {
  answer: { label: 'Answer', digit: 1 },
  action: { label: 'Action', digit: 2 },
  transfer: { label: 'Transfer', digit: 3 },
  redirect: { label: 'Redirect', digit: 4 },
} as const;

export function badUrl(origin: Origin, reason: string): Hangup {
  const { label, digit } = ORIGIN[origin];
  return { ...hangup('NORMAL_CLEARING', 7010 + digit, `Error Reaching ${label} URL`, 'Error'), reason };
}

export function badXml(origin: Origin, reason: string): Hangup {
  const { label, digit } = ORIGIN[origin];
  return { ...hangup('NORMAL_CLEARING', 8010 + digit, `Invalid ${label} XML`, 'Error'), reason };
}
