/** Finding resources by the end of their logical ids, to which CDK adds eight hexadecimal digits. */

export const isCalled = (id: string, ending: string) =>
  id
    .replace(/[0-9A-F]{8}$/, '')
    .toLowerCase()
    .endsWith(ending.toLowerCase());

/** The one of `ids` that is or ends so. Throws unless there is exactly one. */
export function findId(ids: string[], kind: string, ending: string): string {
  const found = ids.filter(id => id === ending || isCalled(id, ending));
  const [only] = found;
  if (only && found.length === 1) return only;
  throw new Error(`${found.length} ${kind}s are called ${ending}; there are ${ids.join(', ')}.`);
}
