/**
 * Stores the conversation as it goes on, so that a successor can go on with it: one write at a time, always the latest
 * value. A write that comes while another is under way waits for it, and takes what is newest then.
 */
import { log } from '../platform/log.ts';

export interface Saving {
  request(): void;
  /** Resolves when the latest value is stored. */
  settle(): Promise<void>;
}

/** @param write resolves to false when a later session has written: nothing more is written then */
export function saving(write: () => Promise<boolean>, onSuperseded: () => void): Saving {
  let wanted = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (wanted) {
      wanted = false;
      try {
        if (await write()) continue;
        onSuperseded();
        return;
      } catch (error) {
        log.error('A conversation could not be stored; the next change tries again', error);
      }
    }
  }

  const request = () => {
    wanted = true;
    running ??= run().finally(() => {
      running = undefined;
    });
  };
  return {
    request,
    async settle() {
      request();
      while (running) await running;
    },
  };
}
