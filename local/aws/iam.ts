/**
 * IAM's decision, for identity policies: an explicit deny wins, otherwise one allow is needed. Pure. Conditions,
 * NotAction and NotResource are not understood; a statement that has one is refused when it is read, not ignored.
 */

export interface Statement {
  effect: 'Allow' | 'Deny';
  actions: string[];
  resources: string[];
}

export type Decision = 'allowed' | 'denied' | 'not_allowed';

/** Whether these statements let their holder perform `action` (`dynamodb:Query`) on `resource` (an ARN). */
export function isAllowed(statements: Statement[], action: string, resource: string): boolean {
  return decide(statements, action, resource) === 'allowed';
}

/** As `isAllowed`, but tells an explicit deny from the absence of an allow. */
export function decide(statements: Statement[], action: string, resource: string): Decision {
  const matching = statements.filter(
    ({ actions, resources }) =>
      actions.some(pattern => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      resources.some(pattern => matches(pattern, resource)),
  );
  if (matching.some(({ effect }) => effect === 'Deny')) return 'denied';
  return matching.length > 0 ? 'allowed' : 'not_allowed';
}

/** Reads the statements of a resolved policy document. */
export function toStatements(document: unknown): Statement[] {
  const { Statement: raw = [] } = document as { Statement?: unknown };
  return asList(raw).map(each => {
    const { Effect, Action, Resource, ...rest } = each as Record<string, unknown>;
    const unknown = Object.keys(rest).filter(key => key !== 'Sid');
    if ((Effect !== 'Allow' && Effect !== 'Deny') || unknown.length > 0) {
      throw new Error(`The local host cannot judge this IAM statement: ${JSON.stringify(each)}`);
    }
    return { effect: Effect, actions: asList(Action).map(String), resources: asList(Resource).map(String) };
  });
}

/** `*` is any text, `?` any character. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

const asList = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
