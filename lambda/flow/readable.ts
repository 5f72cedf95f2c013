/** What can be read of an option some of whose fields are wrong, so that the others are looked at all the same. */
import * as z from 'zod/mini';

/** @returns undefined where nothing can be read of it, because a field is missing that must be there */
export function readable<S extends z.ZodMiniType>(form: S, given: unknown): z.output<S> | undefined {
  const read = z.safeParse(form, given);
  if (read.success) return read.data;
  if (typeof given !== 'object' || given === null) return undefined;
  const rest = structuredClone(given);
  for (const { path, ...issue } of read.error.issues) {
    const wrong = issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...path, key]) : [path];
    for (const place of wrong) remove(rest, place);
  }
  const again = z.safeParse(form, rest);
  return again.success ? again.data : undefined;
}

/** An entry of a list is taken out with its list: the others would change their places. */
function remove(from: object, [name = '', ...inside]: readonly PropertyKey[]): void {
  const within: unknown = Reflect.get(from, name);
  if (inside.length > 0 && typeof within === 'object' && within !== null && !Array.isArray(within))
    remove(within, inside);
  else Reflect.deleteProperty(from, name);
}
