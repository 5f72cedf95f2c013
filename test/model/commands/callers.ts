/** What callers do: call, listen to the end, press a key, hang up. */
import fc from 'fast-check';
import { type Act, pick, which } from '../act.ts';
import { canAsk } from '../leg.ts';
import { AGENTS, LEAVE_KEY, LINES } from '../setup.ts';
import type { World } from '../world.ts';

/** Telephones are of callers, and sometimes an agent's own. */
const arrive = fc.record({ line: fc.constantFrom(...LINES), ownNumber: fc.integer({ min: 0, max: 9 }) }).map(
  ({ line, ownNumber }): Act => ({
    name: 'a caller arrives',
    async happen(world, conditions) {
      if (world.legs.length >= 6) return false;
      const from = AGENTS[ownNumber] ?? `+9199000000${String(world.legs.length).padStart(2, '0')}`;
      const leg = world.arrive(from, line);
      world.note(`${leg.id} calls ${line} from ${from}`);
      await world.ask(leg, conditions);
      return true;
    },
  }),
);

/** The carrier takes the next step of a call: the prompt or music is over, the next document is fetched. */
const step = fc.record({ which, pressed: fc.boolean() }).map(
  ({ which, pressed }): Act => ({
    name: 'a call goes on',
    async happen(world, conditions) {
      const leg = pick(world.legs.filter(canGoOn), which);
      if (!leg) return false;
      if (leg.phase !== 'requesting') world.advance(leg, pressed ? LEAVE_KEY : undefined);
      world.note(`${leg.id} goes on: ${leg.request ? pathOf(leg.request.url) : leg.phase}`);
      await world.ask(leg, conditions);
      return true;
    },
  }),
);

const canGoOn = (leg: World['legs'][number]) =>
  canAsk(leg) || leg.phase === 'listening' || leg.phase === 'recording';

const pathOf = (url: string) => {
  const { pathname, searchParams } = new URL(url);
  return `${pathname} step ${searchParams.get('step') ?? 'none'}`;
};

const hangUp = fc.record({ which, swift: fc.boolean() }).map(
  ({ which, swift }): Act => ({
    name: 'a caller hangs up',
    async happen(world, conditions) {
      const leg = pick(
        world.legs.filter(({ phase }) => phase !== 'gone'),
        which,
      );
      if (!leg) return false;
      world.note(`${leg.id} hangs up while ${leg.phase}${swift ? ', and the product hears of it' : ''}`);
      world.end(leg, { HangupCauseCode: '4000', HangupCauseName: 'Normal Hangup' });
      if (swift) for (const notice of world.noticesOf(leg)) await world.deliver(notice, conditions);
      return true;
    },
  }),
);

export const callerActs = { arrive, step, hangUp };
