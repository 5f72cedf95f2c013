/** What a holding caller is told: place in line and, once handling times are known, the expected wait. */
import type { Agent } from './agent.ts';

/**
 * Expected wait in seconds: callers up to and including this one, times the mean handling time, shared by the
 * agents at work. Undefined while no agent has handled a call yet or none is at work.
 */
export function expectedWaitSecs(position: number, staff: Agent[]): number | undefined {
  const working = staff.filter(agent => agent.state !== 'away' && agent.state !== 'offline');
  const known = working.flatMap(agent => agent.avg_handle_ms ?? []);
  if (known.length === 0) return undefined;
  const mean = known.reduce((sum, ms) => sum + ms, 0) / known.length;
  return Math.round((position * mean) / working.length / 1000);
}

/** "You are next in line. The expected wait is less than a minute." */
export function holdMessage(position: number | undefined, expectedSecs: number | undefined): string {
  const place =
    position === undefined
      ? ''
      : position === 1
        ? 'You are next in line.'
        : `You are number ${position} in line.`;
  return [place, waitMessage(expectedSecs)].filter(Boolean).join(' ');
}

function waitMessage(secs: number | undefined): string {
  if (secs === undefined) return '';
  const minutes = Math.round(secs / 60);
  if (minutes < 1) return 'The expected wait is less than a minute.';
  return `The expected wait is about ${minutes === 1 ? 'one minute' : `${minutes} minutes`}.`;
}
