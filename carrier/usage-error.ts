/** A mistake in the command line; the message says which and what to do. */
export class UsageError extends Error {}
