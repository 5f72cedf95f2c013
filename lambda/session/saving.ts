/**
 * Stores the conversation as it goes on, so that a successor can go on with it: one write at a time, always the latest
 * value. A write that is wanted while another is under way waits for it, and takes what is newest then.
 */
import { log } from '../platform/log.ts';

const ATTEMPTS_AT_THE_END = 3;

export interface Saving {
  request(): void;
  /** Resolves when nothing is being written. */
  idle(): Promise<void>;
  /** @returns whether the latest value is stored */
  settle(): Promise<boolean>;
}

/** @param write resolves to false when a later session has written: nothing more is written then */
export function saving(write: () => Promise<boolean>, onSuperseded: () => void): Saving {
  let wanted = false;
  let isStored = false;
  let isSuperseded = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (wanted && !isSuperseded) {
      wanted = false;
      isStored = false;
      try {
        if (await write()) isStored = true;
        else isSuperseded = true;
      } catch (error) {
        log.error('A conversation could not be stored; the next change tries again', error);
      }
    }
    running = undefined;
    if (isSuperseded) onSuperseded();
  }

  const request = () => {
    wanted = true;
    running ??= run();
  };
  const idle = async () => {
    while (running) await running;
  };
  return {
    request,
    idle,
    async settle() {
      for (let attempt = 1; attempt <= ATTEMPTS_AT_THE_END && !isSuperseded; attempt++) {
        request();
        await idle();
        if (isStored) return true;
      }
      return false;
    },
  };
}
