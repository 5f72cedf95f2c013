/**
 * Machine detection on an outbound call: some seconds after the pick-up the carrier believes to know whether a person
 * or a machine has answered. With a URL of its own the result is told beside the call; otherwise the answer URL waits
 * for it and is given it. `hangup` ends the call of a machine.
 */
import type { Call } from './call.ts';
import { callFields } from './fields.ts';
import { HANGUP } from './hangup.ts';

export interface MachineDetection {
  hangsUp: boolean;
  /** The longest that it may take. */
  limitMs: number;
  url?: string;
  method: string;
}

/** How long a greeting is listened to. */
const LISTENING_MS = 2_000;

/** Resolves with what the answer URL is told beside the rest. */
export async function detectMachine(
  call: Call,
  detection: MachineDetection,
  machine: boolean,
): Promise<Record<string, string>> {
  const { url, method, hangsUp, limitMs } = detection;
  const detect = async () => {
    await call.clock.sleep(Math.min(LISTENING_MS, limitMs), call.line);
    call.story.add({ kind: 'machine', machine });
    const fields = { ...callFields(call), Event: 'MachineDetection', Machine: String(machine) };
    if (url) call.tell({ url, method, fields });
    if (machine && hangsUp) call.hangUp(HANGUP.machine);
  };
  if (url) {
    call.inBackground(detect);
    return {};
  }
  await detect();
  call.line.throwIfAborted();
  return { Machine: String(machine) };
}
