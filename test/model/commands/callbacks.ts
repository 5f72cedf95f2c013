/** What comes of callbacks: somebody asks for one, and whoever is called for it answers or does not. */
import fc from 'fast-check';
import { type Act, pick, which } from '../act.ts';
import type { World } from '../world.ts';

const NUMBERS = ['+919911111101', '+919911111102'] as const;

const ask = fc
  .record({ number: fc.constantFrom(...NUMBERS), queue: fc.constantFrom('default', 'sales') })
  .map(
    ({ number, queue }): Act => ({
      name: 'a callback is asked for',
      async happen(world, conditions) {
        world.now += 1;
        world.note(`${number} wants to be called back from ${queue}`);
        await world.product.callBack(number, queue, conditions);
        return true;
      },
    }),
  );

const called = (world: World) => world.legs.filter(({ phase }) => phase === 'called');

const pickUp = which.map(
  (which): Act => ({
    name: 'a phone is answered',
    async happen(world, conditions) {
      const leg = pick(
        called(world).filter(({ placed }) => !world.inTalk(placed?.callee ?? '')),
        which,
      );
      if (!leg) return false;
      world.note(`${leg.placed?.callee} answers ${leg.id}`);
      world.pickUp(leg);
      await world.ask(leg, conditions);
      return true;
    },
  }),
);

const decline = fc.record({ which, code: fc.constantFrom('3010', '6010', '3020', '5020') }).map(
  ({ which, code }): Act => ({
    name: 'a phone is not answered',
    async happen(world, conditions) {
      const leg = pick(called(world), which);
      if (!leg) return false;
      world.note(`${leg.placed?.callee} does not answer ${leg.id}: ${code}`);
      world.end(leg, { HangupCauseCode: code });
      for (const notice of world.noticesOf(leg)) await world.deliver(notice, conditions);
      return true;
    },
  }),
);

export const callbackActs = { ask, pickUp, decline };
