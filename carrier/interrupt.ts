/** What can stop a running element: the end of the call, or a transfer to another document. */
import type { Hangup } from './hangup.ts';

export class HungUp extends Error {
  constructor(readonly hangup: Hangup) {
    super(`The call ended: ${hangup.name}.`);
  }
}

export class Transferred extends Error {
  constructor(
    readonly url: string,
    readonly method: string,
  ) {
    super('The call was transferred.');
  }
}
