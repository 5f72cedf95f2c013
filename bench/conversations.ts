/**
 * Whole conversations, in real time and over real sockets: the carrier's callers speak to the product in tones, and
 * the doubles stand for the providers. They all share this machine, and but for the last part one process, so every
 * figure holds their work, too.
 */
import { loadavg } from 'node:os';
import { benchBargeIn } from './conversations/barge-in.ts';
import { benchHost } from './conversations/host.ts';
import { benchMany } from './conversations/many.ts';
import { benchShare } from './conversations/share.ts';
import { benchStreaming } from './conversations/streaming.ts';

export async function benchConversations(): Promise<void> {
  const [load = 0] = loadavg();
  const sharing = 'the carrier, the doubles and the product share one process, through the host one machine';
  console.log(`\nConversations: ${sharing}; load average ${load.toFixed(1)}`);
  await benchShare();
  await benchBargeIn();
  await benchStreaming();
  await benchMany();
  await benchHost();
}
