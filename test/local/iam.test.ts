import { beforeAll, describe, expect, it } from 'vitest';
import { createGuard } from '../../local/aws/guard.ts';
import { isAllowed, type Statement, toStatements } from '../../local/aws/iam.ts';
import { needsOf } from '../../local/dynamodb/access.ts';
import { fixtureAssembly, startFixture } from './fixture/host.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Calls';

const allow = (actions: string[], resources: string[]): Statement => ({
  effect: 'Allow',
  actions,
  resources,
});
const deny = (actions: string[], resources: string[]): Statement => ({ effect: 'Deny', actions, resources });

describe('a set of policies', () => {
  it.each([
    ['the same action and resource', allow(['dynamodb:Query'], [TABLE]), true],
    ['an action in another case', allow(['DynamoDB:query'], [TABLE]), true],
    ['a wildcard in the action', allow(['dynamodb:Qu*'], [TABLE]), true],
    ['a question mark', allow(['dynamodb:Quer?'], [TABLE]), true],
    ['everything', allow(['*'], ['*']), true],
    ['another action', allow(['dynamodb:Scan'], [TABLE]), false],
    ['another resource', allow(['dynamodb:Query'], [`${TABLE}2`]), false],
    ['only the indexes', allow(['dynamodb:Query'], [`${TABLE}/index/*`]), false],
    ['a dot that is not a wildcard', allow(['dynamodb.Query'], [TABLE]), false],
  ])('that names %s decides about a query', (_, statement, expected) => {
    expect(isAllowed([statement], 'dynamodb:Query', TABLE)).toBe(expected);
  });

  it('allows nothing when it is empty', () => {
    expect(isAllowed([], 'dynamodb:Query', TABLE)).toBe(false);
  });

  it('denies what one statement denies, whatever others allow', () => {
    const statements = [allow(['*'], ['*']), deny(['dynamodb:Delete*'], [TABLE])];
    expect(isAllowed(statements, 'dynamodb:DeleteItem', TABLE)).toBe(false);
    expect(isAllowed(statements, 'dynamodb:PutItem', TABLE)).toBe(true);
  });

  it('is refused when it has parts that cannot be judged', () => {
    const Statement = { Effect: 'Allow', Action: 'x:Y', Resource: '*', Condition: {} };
    expect(() => toStatements({ Statement })).toThrow(/cannot judge/);
  });
});

describe('the permissions of a request', () => {
  it('are those of the index when a query names one', () => {
    expect(needsOf('Query', { TableName: 'Calls', IndexName: 'by_day' })).toEqual([
      { action: 'dynamodb:Query', resource: `${TABLE}/index/by_day` },
    ]);
  });

  it('are those of each action of a transaction', () => {
    const TransactItems = ['Put', 'Update', 'Delete', 'ConditionCheck'].map(kind => ({
      [kind]: { TableName: 'Calls' },
    }));
    const actions = needsOf('TransactWriteItems', { TransactItems }).map(need => need.action);
    expect(actions).toEqual(
      ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map(a => `dynamodb:${a}`),
    );
  });
});

describe('a caller', () => {
  it('whom nobody knows is refused as unrecognized', () => {
    const guard = createGuard(new Map());
    expect(() => guard('stranger', 'dynamodb:Query', TABLE)).toThrow(/security token .* is invalid/);
  });
});

describe('a host whose template lost a grant', () => {
  beforeAll(fixtureAssembly, 60_000);

  const withoutAction = async (
    action: string,
    run: (invoke: (event: object) => Promise<unknown>) => Promise<void>,
  ) => {
    const host = await startFixture({
      adapt: template => {
        for (const resource of Object.values(template.Resources)) {
          if (resource.Type === 'AWS::IAM::Policy') removeAction(resource.Properties ?? {}, action);
        }
      },
    });
    try {
      await run(event => host.invoke('worker', event));
    } finally {
      await host.stop();
    }
  };

  it('refuses the call as AWS does, and still allows the others', async () => {
    await withoutAction('dynamodb:Query', async invoke => {
      expect(await invoke({ do: 'put' })).toBe('put');
      expect(await invoke({ do: 'query' })).toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringMatching(
          /^User: arn:aws:sts::000000000000:assumed-role\/Worker.* is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:.*:table\/Table.*\/index\/by_colour because no identity-based policy/,
        ),
      });
    });
  }, 30_000);

  it.each([
    ['secretsmanager:GetSecretValue', 'secret'],
    ['lambda:InvokeFunction', 'invoke'],
  ])(
    'refuses %s too',
    async (action, ask) => {
      await withoutAction(action, async invoke => {
        expect(await invoke({ do: ask })).toMatchObject({ name: 'AccessDeniedException' });
      });
    },
    30_000,
  );
});

function removeAction({ PolicyDocument }: Record<string, unknown>, action: string): void {
  const { Statement } = PolicyDocument as { Statement: { Action: string | string[] }[] };
  for (const statement of Statement) {
    const actions = [statement.Action].flat().filter(each => each !== action);
    statement.Action = actions.length > 0 ? actions : 'none:None';
  }
}
