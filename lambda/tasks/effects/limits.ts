/**
 * Which calls a flow may place. A flow whose call runs a flow that calls ... would ring phones for ever, so each call
 * knows how deep it stands, and the first of them counts all that go back to it, before they are placed. A call to a
 * line of ours would come in as a first one again.
 */
import { change } from '../../app/change.ts';
import type { Context } from '../../app/context.ts';
import { isOurs } from '../../app/our-lines.ts';

/** Calls placed one by the other. */
export const DEEPEST = 5;
/** Calls that go back to one. */
const MOST = 100;

export interface Wanted {
  id: string;
  to: string;
}

interface Permitted {
  calls: Wanted[];
  whyNot: string[];
}

/**
 * May be repeated: a call that was permitted stays so.
 * @param root the call that all goes back to
 * @param lines that the call and the new ones are on
 */
export async function permitted(
  context: Context,
  root: string,
  lines: string[],
  wanted: Wanted[],
): Promise<Permitted> {
  const ours = await Promise.all(wanted.map(({ to }) => isOurs(context, to, lines)));
  const others = wanted.filter((_, at) => !ours[at]);
  const counted = await count(context, root, others);
  const calls = others.filter(({ id }) => counted.has(id));
  return {
    calls,
    whyNot: [
      ...(others.length < wanted.length
        ? [`${wanted.length - others.length} of ${wanted.length} calls would go to a line of ours`]
        : []),
      ...(calls.length < others.length
        ? [`${others.length - calls.length} of ${wanted.length} calls would be more than ${MOST} from one`]
        : []),
    ],
  };
}

/** @returns the ids that it has room for; none where the root was deleted */
async function count(context: Context, root: string, wanted: Wanted[]): Promise<Set<string>> {
  const changed = await change(context, root, ({ call, agents }) => {
    const { descendants: known = [] } = call;
    const descendants = [...new Set([...known, ...wanted.map(({ id }) => id)])].slice(0, MOST);
    return { call: descendants.length === known.length ? call : { ...call, descendants }, agents };
  });
  return new Set(changed?.call.descendants);
}
