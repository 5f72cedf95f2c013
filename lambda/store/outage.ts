/**
 * When the store counts as away: it does not answer in time, or refuses for lack of capacity. Every request is
 * short, because a caller hears each millisecond.
 */

/** The caller's patience with one request to the store, retries included. */
const PATIENCE_MS = 1000;

/** DynamoDB did not answer in time, or keeps refusing for lack of capacity. What was asked may have happened. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}

/** @throws StoreUnavailable for an outage; any other error as it is */
export async function bounded<T>(request: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
  try {
    return await request({ abortSignal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    throw isOutage(error) ? new StoreUnavailable((error as Error).name, { cause: error }) : error;
  }
}

const OUTAGES = new Set([
  'AbortError',
  'TimeoutError',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'InternalFailure',
  'ServiceUnavailable',
  'TransactionInProgressException',
]);

function isOutage(error: unknown): boolean {
  const {
    name = '',
    code = '',
    $metadata,
  } = error as {
    name?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return OUTAGES.has(name) || /^E[A-Z]+$/.test(code) || status >= 500 || isThrottledTransaction(error);
}

function isThrottledTransaction(error: unknown): boolean {
  const { CancellationReasons: reasons = [] } = error as { CancellationReasons?: { Code?: string }[] };
  return reasons.some(({ Code }) => Code === 'ThrottlingError' || Code === 'ProvisionedThroughputExceeded');
}
