/**
 * Permissions: each function may do what it needs and nothing else, and a grant that is missing from the template
 * is felt on this machine, in exactly the calls that need it. Who calls is refused politely then, never let in.
 */
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAssembly } from '../../local/template/assembly.ts';
import { arnOf, type Template } from '../../local/template/resolve.ts';
import { productAssembly } from '../support/assembly.ts';
import { urlTo } from '../support/document.ts';
import { type Printed, printed } from '../support/printed.ts';
import { eventually, openStage, type Stage } from '../support/stage.ts';
import { everything } from '../support/tables.ts';
import { incoming, wire } from '../support/wire.ts';

const ASHA = '+919876543210';
const FUNCTIONS = ['webhooks', 'control', 'authorizer', 'stream', 'session', 'sweeper', 'tasks'];

let stage: Stage;
let notes: Printed;

const open = async (adapt?: (template: Template) => void, settings: Record<string, string> = {}) => {
  notes = printed();
  stage = await openStage({ settings, host: { output: notes.output, ...(adapt && { adapt }) } });
};
afterEach(() => stage.close());

/** Takes an action away from a function: everywhere, or where the statement's resource mentions `on`. */
const without =
  (fn: string, action: string, on = '') =>
  ({ Resources }: Template) => {
    const isItsPolicy = (id: string) => id.toLowerCase().startsWith(`functions${fn}roledefaultpolicy`);
    const [policy] = Object.entries(Resources).filter(([id]) => isItsPolicy(id));
    const document = policy?.[1].Properties?.PolicyDocument as { Statement: Statement[] };
    const affected = document.Statement.filter(
      statement =>
        [statement.Action].flat().includes(action) && JSON.stringify(statement.Resource).includes(on),
    );
    if (affected.length === 0) throw new Error(`${fn} was never granted ${action}.`);
    for (const statement of affected) {
      const left = [statement.Action].flat().filter(each => each !== action);
      statement.Action = left.length > 0 ? left : 'none:None';
    }
  };

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** Actions that were refused so far, each with the function that asked, as the log tells when it has arrived. */
const refused = () => eventually(refusals, found => found.size > 0);

const DENIED = /\/Functions(\w+?)[0-9A-F]{8} is not authorized to perform: (\S+)/g;

function refusals(): Set<string> {
  const found = notes.lines.join('\n').matchAll(DENIED);
  return new Set([...found].map(([, fn, action]) => `${fn?.toLowerCase()} ${action}`));
}

const answer = (call: string) =>
  wire(`${stage.product.url}/answer?key=${stage.keys.WEBHOOK_KEY}`, { fields: incoming(call) });

/** Not now, come again; and nothing about the inside. */
const comeAgain = {
  status: 503,
  type: 'application/problem+json',
  body: expect.not.stringMatching(/arn:|dynamodb|secret|Denied/i),
};

describe('a grant that is missing is felt in exactly the calls that need it', () => {
  it('webhooks without dynamodb:PutItem: the call is not taken, and the carrier may deliver it again', async () => {
    await open(without('webhooks', 'dynamodb:PutItem'));
    const { headers, ...said } = await answer('call-1');
    expect(said).toMatchObject(comeAgain);
    expect(headers.get('retry-after')).toBe('1');
    expect(await refused()).toEqual(new Set(['webhooks dynamodb:PutItem']));
    expect(await everything(stage.product)).toEqual([]);
    expect((await stage.register(ASHA)).status).toBe(201);
  });

  it('webhooks without dynamodb:Query: a caller is greeted, but no line can be read', async () => {
    await open(without('webhooks', 'dynamodb:Query'));
    const { status, body } = await answer('call-2');
    expect(status).toBe(200);
    const next = urlTo('/queue-try-agent', body);
    expect(await wire(next, { fields: incoming('call-2') })).toMatchObject(comeAgain);
    expect(await refused()).toEqual(new Set(['webhooks dynamodb:Query']));
  });

  it('webhooks without their secrets: nobody is believed, and nobody is called a forger', async () => {
    await open(without('webhooks', 'secretsmanager:GetSecretValue'));
    expect(await answer('call-3')).toMatchObject(comeAgain);
    expect(await refused()).toEqual(new Set(['webhooks secretsmanager:GetSecretValue']));
    expect(await everything(stage.product)).toEqual([]);
  });

  it('webhooks without lambda:InvokeFunction: only the end of a wrap-up is found later, by the sweep', async () => {
    await open(without('webhooks', 'lambda:InvokeFunction'), { WRAP_UP_SECS: '1', HOLD_WAIT_SECS: '300' });
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', state: 'ended' });
    expect(await refused()).toEqual(new Set(['webhooks lambda:InvokeFunction']));
    const second = stage.call();
    await eventually(
      async () => (await stage.api('GET', '/agents')).body.agents,
      agents => agents.length === 1,
    );
    stage.product.tick();
    await second.done;
    expect(await stage.record(second.call)).toMatchObject({ outcome: 'connected' });
  });

  it('the authorizer without its secret: the App API opens to nobody, the owner of the key included', async () => {
    await open(without('authorizer', 'secretsmanager:GetSecretValue'));
    expect((await stage.api('GET', '/agents')).status).toBe(403);
    expect(await refused()).toEqual(new Set(['authorizer secretsmanager:GetSecretValue']));
    expect((await answer('call-4')).status).toBe(200);
  });

  it('control without the index by_day: no metrics, yet agents and status as ever', async () => {
    await open(without('control', 'dynamodb:Query', 'by_day'));
    const metrics = await stage.api('GET', '/queue/metrics');
    expect(metrics.status).toBe(500);
    expect(JSON.stringify(metrics.body)).not.toMatch(/arn:|dynamodb|Denied/i);
    expect(await refused()).toEqual(new Set(['control dynamodb:Query']));
    expect((await stage.register(ASHA)).status).toBe(201);
    expect((await stage.api('GET', '/queue/status')).body).toMatchObject({ agents_available: 1 });
  });

  it('the sweeper without the index live: the run fails, so that its alarm rings', async () => {
    await open(without('sweeper', 'dynamodb:Query', 'live'));
    await expect(stage.product.invoke('sweeper', {})).rejects.toThrow(
      /not authorized .*dynamodb:Query.*live/,
    );
  });
});

describe('nobody may do more than the work needs', () => {
  beforeEach(() => open());

  const asFunction = (fn: string) => ({
    endpoint: stage.product.awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: stage.product.nameOf('function', fn), secretAccessKey: 'local' },
  });

  async function readersOf(secret: string): Promise<string[]> {
    const { template } = await readAssembly(await productAssembly());
    const id = Object.keys(template.Resources).find(name => name.startsWith(`Secrets${secret}`)) ?? '';
    const command = new GetSecretValueCommand({ SecretId: arnOf('AWS::SecretsManager::Secret', id) });
    const readers: string[] = [];
    for (const fn of FUNCTIONS) {
      const client = new SecretsManagerClient(asFunction(fn));
      const outcome = await client.send(command).then(
        () => 'read',
        error => (error as Error).name,
      );
      client.destroy();
      if (outcome === 'read') readers.push(fn);
      else expect(outcome).toBe('AccessDeniedException');
    }
    return readers;
  }

  it('each secret is read by those who use it: the authorizer never sees the Vobiz account', async () => {
    const callWork = ['webhooks', 'control', 'session', 'sweeper', 'tasks'];
    expect(await readersOf('ApiKey')).toEqual(['authorizer']);
    expect(await readersOf('WebhookKey')).toEqual(callWork);
    expect(await readersOf('Vobiz')).toEqual(callWork);
    expect(await readersOf('Providers')).toEqual(['session', 'tasks']);
  });

  it('a socket is written to by those who follow streams, and closed by the one who lets them in', async () => {
    const mayDo = async (command: PostToConnectionCommand | DeleteConnectionCommand) => {
      const allowed: string[] = [];
      for (const fn of FUNCTIONS) {
        const endpoint = `${stage.product.awsEndpoint}/stream`;
        const client = new ApiGatewayManagementApiClient({ ...asFunction(fn), endpoint });
        const refusal = await client.send(command as PostToConnectionCommand).catch(error => error.name);
        client.destroy();
        if (refusal === 'GoneException') allowed.push(fn);
        else expect(refusal, fn).toBe('AccessDeniedException');
      }
      return allowed;
    };
    const ConnectionId = 'nobody=';
    expect(await mayDo(new PostToConnectionCommand({ ConnectionId, Data: '{}' }))).toEqual([
      'stream',
      'session',
    ]);
    expect(await mayDo(new DeleteConnectionCommand({ ConnectionId }))).toEqual(['stream']);
  });

  it('no function may read a whole table', async () => {
    for (const fn of FUNCTIONS) {
      const client = new DynamoDBClient(asFunction(fn));
      for (const table of ['Calls', 'Directory', 'Frames']) {
        const scan = new ScanCommand({ TableName: stage.product.nameOf('table', table) });
        await expect(client.send(scan), fn).rejects.toMatchObject({ name: 'AccessDeniedException' });
      }
      client.destroy();
    }
  });
});
