/** What the carrier does to notifications: deliver them late, in any order, never, or once more. */
import fc from 'fast-check';
import { toldBefore } from '../../../lambda/call/replies.ts';
import { type Act, pick, which } from '../act.ts';
import { callsIn, difference, expect, snapshot } from '../snapshot.ts';
import { callOf, type World } from '../world.ts';

const deliver = which.map(
  (which): Act => ({
    name: 'a notification arrives',
    async happen(world, conditions) {
      const notice = pick(world.notices, which);
      if (!notice) return false;
      world.note(`${notice.fields.CallUUID}: ${titleOf(notice)} arrives`);
      await world.deliver(notice, conditions);
      return true;
    },
  }),
);

const lose = which.map(
  (which): Act => ({
    name: 'a notification is lost',
    happen(world) {
      const notice = pick(world.notices, which);
      if (!notice) return false;
      world.note(`${notice.fields.CallUUID}: ${titleOf(notice)} is lost`);
      world.notices = world.notices.filter(one => one !== notice);
      return true;
    },
  }),
);

/** The same request as before, at once or much later: the same document, and nothing changes. */
const repeat = fc.nat({ max: 59 }).map(
  (which): Act => ({
    name: 'a request is repeated',
    async happen(world, { turn }) {
      const past = pick(world.past, which);
      if (!past) return false;
      world.note(`${past.request.fields.CallUUID}: ${titleOf(past.request)} comes again`);
      const before = snapshot(world);
      const document = await world.product.webhook(past.request, { turn });
      if (turn) return true;
      expect(
        world,
        snapshot(world) === before,
        `A repeated request changed${difference(before, snapshot(world))}`,
      );
      if (isRemembered(world, past.request))
        expect(world, document === past.document, `A repeated request was answered\n${document}`);
      return true;
    },
  }),
);

function isRemembered(
  world: World,
  { url, fields }: { url: string; fields: Record<string, string> },
): boolean {
  const { pathname, searchParams } = new URL(url);
  const call = callsIn(world).find(({ id }) => id === (callOf(url) ?? fields.CallUUID));
  const key = `${pathname.slice(1)}:${searchParams.get('step')}`;
  return call !== undefined && toldBefore(call, key) !== undefined;
}

const titleOf = ({ url, fields }: { url: string; fields: Record<string, string> }) =>
  `${new URL(url).pathname} ${fields.Event ?? fields.DialStatus ?? ''}`;

const mood = fc
  .constantFrom('works' as const, 'works' as const, 'unavailable' as const, 'lost reply' as const)
  .map(
    (mood): Act => ({
      name: 'the REST API changes',
      happen(world) {
        if (world.mood === mood) return false;
        world.note(`the carrier's REST API: ${mood}`);
        world.mood = mood;
        return true;
      },
    }),
  );

export const carrierActs = { deliver, lose, repeat, mood };
