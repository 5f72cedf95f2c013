/** What agents do: register, go away, come back, leave for good; answer, let it ring, end the talk. */
import fc from 'fast-check';
import { type Act, pick, which } from '../act.ts';
import { AGENTS, SERVED } from '../setup.ts';
import type { World } from '../world.ts';

const agent = fc.constantFrom(...AGENTS);
const queues = fc.constantFrom(...SERVED);

const register = fc.record({ agent, queues }).map(
  ({ agent, queues }): Act => ({
    name: 'an agent registers',
    async happen(world, conditions) {
      world.note(`agent ${agent} registers for ${queues.join(' and ')}`);
      await world.product.register(agent, queues, conditions);
      return true;
    },
  }),
);

const change = fc.record({ agent, to: fc.constantFrom('available', 'away', 'offline') }).map(
  ({ agent, to }): Act => ({
    name: 'an agent comes or goes',
    async happen(world, conditions) {
      if (!isRegistered(world, agent)) return false;
      world.note(`agent ${agent} wants to be ${to}`);
      if (to === 'offline') await world.product.unregister(agent, conditions);
      else await world.product.setState(agent, to === 'away' ? 'away' : 'available', conditions);
      return true;
    },
  }),
);

const isRegistered = (world: World, number: string) =>
  [...world.tables.items('Directory')].some(item => item.pk === 'AGENT' && item.sk === number);

const answer = fc.record({ which, swift: fc.boolean() }).map(
  ({ which, swift }): Act => ({
    name: 'an agent answers',
    async happen(world, conditions) {
      const ringing = world.legs.flatMap(leg =>
        leg.phase === 'ringing' ? (leg.ring?.numbers ?? []).map(number => ({ leg, number })) : [],
      );
      const one = pick(
        ringing.filter(({ number }) => !world.inTalk(number)),
        which,
      );
      if (!one) return false;
      world.note(`agent ${one.number} answers ${one.leg.id}${swift ? ', and the product hears of it' : ''}`);
      const notice = world.answer(one.leg, one.number);
      if (swift && notice) await world.deliver(notice, conditions);
      return true;
    },
  }),
);

const ignore = fc.record({ which, status: fc.constantFrom('no-answer', 'busy', 'failed', 'timeout') }).map(
  ({ which, status }): Act => ({
    name: 'a ring fails',
    async happen(world, conditions) {
      const leg = pick(
        world.legs.filter(({ phase }) => phase === 'ringing'),
        which,
      );
      if (!leg) return false;
      world.note(`${leg.id}: ${status}`);
      world.unanswered(leg, status);
      await world.ask(leg, conditions);
      return true;
    },
  }),
);

const endTalk = which.map(
  (which): Act => ({
    name: 'an agent ends the talk',
    async happen(world, conditions) {
      const leg = pick(
        world.legs.filter(({ phase }) => phase === 'talking'),
        which,
      );
      if (!leg) return false;
      world.note(`agent ${leg.agent} ends the talk with ${leg.id}`);
      world.agentLeaves(leg);
      await world.ask(leg, conditions);
      return true;
    },
  }),
);

export const agentActs = { register, change, answer, ignore, endTalk };
