/** What time brings: rings that end, wrap-ups that end, the sweeper's minute. */
import fc from 'fast-check';
import { type Act, pick, which } from '../act.ts';

/** Within this time the carrier has repeated a request that failed, or given it up. */
const RETRY_SECS = 60;

const pass = fc.constantFrom(1, 8, 16, 31, 90, 700).map(
  (most): Act => ({
    name: 'time passes',
    happen(world) {
      const repeating = world.legs.some(({ phase, tries }) => phase === 'requesting' && tries > 0);
      const secs = repeating ? Math.min(most, RETRY_SECS) : most;
      world.pass(secs * 1000);
      world.note(`${secs} s pass`);
      return true;
    },
  }),
);

const sweep = fc.constant<Act>({
  name: 'the sweeper runs',
  async happen(world, conditions) {
    world.note('the sweeper runs');
    await world.product.sweep(conditions);
    return true;
  },
});

/** A task waits for its moment by itself; here the clock comes to it. */
const wake = which.map(
  (which): Act => ({
    name: 'a task runs',
    async happen(world, conditions) {
      const task = pick(world.tasks, which);
      if (!task) return false;
      world.tasks = world.tasks.filter(one => one !== task);
      if (task.kind === 'wake' && task.at > world.now) world.pass(task.at - world.now);
      world.note(`the task "${task.kind}" runs`);
      await world.product.perform(task, conditions);
      return true;
    },
  }),
);

export const timeActs = { pass, sweep, wake };
