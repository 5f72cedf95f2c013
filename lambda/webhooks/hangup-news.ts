/** What a hang-up means, from the carrier's codes, causes and statuses. */
import type { HangUp } from '../call/outcome.ts';
import type { Hangup, Webhook } from '../vobiz/webhook.ts';

type Result = NonNullable<HangUp['result']>;

export function newsOf({ hangup, callStatus, fields }: Partial<Webhook>): HangUp {
  const cause = hangup?.name ?? hangup?.cause;
  return {
    ...(cause !== undefined && { cause }),
    broken: isBroken(hangup),
    result: isMachine(fields) ? 'machine' : resultOf(hangup, callStatus),
  };
}

/** The carrier's word for it where detection was asked for and the call goes on. */
export const isMachine = (fields: Webhook['fields'] | undefined): boolean =>
  fields?.get('Machine')?.toLowerCase() === 'true';

/** Codes of the carrier for its own errors (5000s) and for URLs or documents of ours that failed (7000s, 8000s). */
function isBroken(hangup: Hangup | undefined): boolean {
  const code = hangup?.code ?? 0;
  return (code >= 5000 && code < 6000) || (code >= 7000 && code < 9000);
}

const BY_CODE: Readonly<Record<number, Result>> = {
  3000: 'no_answer',
  3010: 'busy',
  3020: 'rejected',
  /** The line we call from is not the account's: SIP calls that a rejection too. */
  3030: 'failed',
  6010: 'no_answer',
  9100: 'machine',
};
const BY_CAUSE: Readonly<Record<string, Result>> = {
  NO_ANSWER: 'no_answer',
  NO_USER_RESPONSE: 'no_answer',
  USER_BUSY: 'busy',
  CALL_REJECTED: 'rejected',
};
const BY_STATUS: Readonly<Record<string, Result>> = {
  'no-answer': 'no_answer',
  timeout: 'no_answer',
  busy: 'busy',
};

const resultOf = ({ code = 0, cause = '' }: Hangup = {}, status = ''): Result =>
  BY_CODE[code] ?? BY_CAUSE[cause] ?? BY_STATUS[status] ?? 'failed';
