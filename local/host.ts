/**
 * The host: runs a synthesized stack on this machine, and nothing that the stack does not declare. Tables and
 * secrets come up first, then the functions (as worker threads, on their first invocation), then the HTTP API.
 * Everything the functions ask of AWS goes to one loopback port, where the permissions of their role are enforced.
 */
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ENV } from '../lambda/platform/names.ts';
import { createGuard } from './aws/guard.ts';
import { AwsError, type AwsHandler, closeServer, REGION, serveAws } from './aws/protocol.ts';
import { createSecretsManager, type SecretStore } from './aws/secrets.ts';
import { type Dynamo, openDynamo } from './dynamodb/index.ts';
import { awsEnvironment, Lambda } from './functions/lambda.ts';
import { createHttpApi, listen, type Respond } from './gateway/http-api.ts';
import { gatewayMessage } from './gateway/response.ts';
import { once } from './once.ts';
import { Schedules } from './schedules.ts';
import { fieldOf, openSecrets } from './secret-values.ts';
import { type Assembly, readAssembly } from './template/assembly.ts';
import { type FunctionModel, readStack, type StackModel } from './template/model.ts';
import type { Template } from './template/resolve.ts';

export type Output = (functionName: string, stream: 'stdout' | 'stderr', text: string) => void;

export interface HostOptions {
  /** A folder with a cloud assembly, as `cdk synth` or `synthesize` leaves it. Several hosts may share one. */
  assemblyDir: string;
  /** Port of the HTTP API; 0, the default, takes any free one. */
  port?: number;
  /** Address to listen on; loopback when absent, so that nothing is open by default. */
  address?: string;
  /** Folder of the tables and secrets; in memory when absent. */
  dataDir?: string;
  /** What the carrier calls, if not the API's own address. */
  publicUrl?: string;
  /** Settings laid over those in the template, for functions that take settings. */
  settings?: Record<string, string>;
  /** Fields of secrets (`API_KEY`, `VOBIZ_AUTH_ID` ...); what is not given is generated or as in the template. */
  secrets?: Record<string, string>;
  /** What functions print; to nobody when absent. */
  output?: Output;
  /** `clock`, the default: schedules fire and expired items go as time passes; `manual`: only by `tick`, `sweep`. */
  time?: 'clock' | 'manual';
  /** Pauses before the repetitions of failed asynchronous invocations; Lambda's own when absent. */
  retryPausesMs?: readonly number[];
  /** Changes the template before it is run: a grant taken away, a timeout shortened. */
  adapt?: (template: Template) => void;
}

export interface Host {
  url: string;
  /** Endpoint of DynamoDB, Lambda and Secrets Manager; the access key id `operator` may do anything there. */
  awsEndpoint: string;
  dynamo: Dynamo;
  faults: Dynamo['faults'];
  /** A field of a secret, such as `API_KEY`. */
  secret(field: string): string | undefined;
  /** The full name of the one function (or table) that ends so: `webhooks` is `FunctionsWebhooks1A2B3C4D`. */
  nameOf(kind: 'function' | 'table', ending: string): string;
  /** Fires the schedules of a function (all when absent). */
  tick(functionName?: string): void;
  /** Invokes a function and resolves to its result; throws what it throws. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Resolves when no asynchronous invocation is running or waiting for its repetition. */
  settled(): Promise<void>;
  /** Lets requests under way finish (three seconds at most), then ends everything. May be called twice. */
  stop(): Promise<void>;
  /** Ends everything at once, as the death of the process would; what was committed to disk remains. */
  kill(): Promise<void>;
}

const SWEEP_EVERY_MS = 60_000;
const GRACE_MS = 3_000;

export async function startHost(options: HostOptions): Promise<Host> {
  const assembly = await readAssembly(options.assemblyDir);
  options.adapt?.(assembly.template);
  const gateway = await openGateway(options.port ?? 0, options.address ?? '127.0.0.1');
  try {
    return await assemble(options, assembly, gateway);
  } catch (error) {
    await closeServer(gateway.server);
    throw error;
  }
}

/** The parts, started in order and tied together. */
async function assemble(options: HostOptions, assembly: Assembly, gateway: Gateway): Promise<Host> {
  const stack = readStack(assembly, options.publicUrl ?? gateway.url);
  const functions = stack.functions.map(fn => withSettings(fn, options));
  const guard = createGuard(new Map(functions.map(({ name, identity }) => [name, identity])));
  if (options.dataDir) await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const secrets = await openSecrets(stack.secrets, options.secrets ?? {}, inDataDir(options, 'secrets.json'));
  const path = inDataDir(options, 'dynamodb');
  const dynamo = await openDynamo({ authorize: guard, ...(path && { path }) });
  for (const { definition, ttl } of stack.tables) await dynamo.createTable(definition, ttl);

  let lambdaApi: AwsHandler = () => Promise.reject(new AwsError('ServiceUnavailable', 'Starting', {}, 503));
  const secretsManager = createSecretsManager(secrets, guard);
  const aws = await serveAws(request => {
    if (request.target.startsWith('DynamoDB_')) return dynamo.handle(request);
    if (request.target.startsWith('secretsmanager.')) return secretsManager(request);
    return lambdaApi(request);
  });
  const lambda = new Lambda({
    functions,
    runtimeEnvironment: name => awsEnvironment(name, aws.endpoint, REGION),
    output: options.output ?? (() => undefined),
    ...(options.retryPausesMs && { retryPausesMs: options.retryPausesMs }),
  });
  lambdaApi = lambda.api(guard);
  const schedules = new Schedules(stack.schedules, lambda);
  const sweeping = startClock(options, schedules, dynamo);
  gateway.open(createHttpApi(stack.httpApi, lambda));

  const end = once(async () => {
    clearInterval(sweeping);
    schedules.stop();
    await Promise.all([closeServer(gateway.server), aws.stop(), lambda.stop()]);
    await dynamo.close();
  });
  const stop = once(async () => {
    await gateway.drain(GRACE_MS);
    await end();
  });
  const parts = { stack, secrets, dynamo, lambda, schedules };
  return { url: gateway.url, awsEndpoint: aws.endpoint, ...handles(parts), stop, kill: end };
}

interface Parts {
  stack: StackModel;
  secrets: SecretStore;
  dynamo: Dynamo;
  lambda: Lambda;
  schedules: Schedules;
}

/** What users of a host hold on to. */
function handles({ stack, secrets, dynamo, lambda, schedules }: Parts) {
  const names = {
    function: stack.functions.map(({ name }) => name),
    table: stack.tables.map(({ definition }) => definition.TableName),
  };
  const nameOf: Host['nameOf'] = (kind, ending) => findName(names[kind], kind, ending);
  return {
    dynamo,
    faults: dynamo.faults,
    secret: (field: string) => fieldOf(secrets, field),
    nameOf,
    tick: (name?: string) => {
      if (schedules.tick(name === undefined ? name : nameOf('function', name)) === 0) {
        throw new Error(`No schedule fires ${name ?? 'anything'}.`);
      }
    },
    invoke: async (name: string, event: unknown) => {
      const result = await lambda.invoke(nameOf('function', name), JSON.stringify(event ?? {}));
      if (result.ok) return JSON.parse(result.payload) as unknown;
      throw Object.assign(new Error(result.failure.errorMessage), { name: result.failure.errorType });
    },
    settled: () => lambda.settled(),
  };
}

/** CDK ends a logical id with eight hexadecimal digits. */
function findName(names: string[], kind: string, ending: string): string {
  const plain = (name: string) => name.replace(/[0-9A-F]{8}$/, '').toLowerCase();
  const found = names.filter(name => name === ending || plain(name).endsWith(ending.toLowerCase()));
  const [only] = found;
  if (only && found.length === 1) return only;
  throw new Error(`${found.length} ${kind}s are called ${ending}; there are ${names.join(', ')}.`);
}

/** Only functions that know the public address take settings; the others have no use for them. */
function withSettings(fn: FunctionModel, { settings = {} }: HostOptions): FunctionModel {
  if (!(ENV.publicUrl in fn.environment)) return fn;
  return { ...fn, environment: { ...fn.environment, ...settings } };
}

function startClock({ time = 'clock', output }: HostOptions, schedules: Schedules, dynamo: Dynamo) {
  if (time === 'manual') return undefined;
  schedules.start();
  return setInterval(() => {
    dynamo.sweep(Date.now()).catch(error => output?.('time-to-live', 'stderr', String(error)));
  }, SWEEP_EVERY_MS);
}

const inDataDir = ({ dataDir }: HostOptions, name: string) => dataDir && join(dataDir, name);

interface Gateway {
  server: Server;
  url: string;
  open(respond: Respond): void;
  drain(milliseconds: number): Promise<void>;
}

/** Takes the port before anything else starts, since the address goes into the functions' environment. */
async function openGateway(port: number, address: string): Promise<Gateway> {
  let respond: Respond = async () => gatewayMessage(503, 'Service Unavailable');
  const underWay = new Set<Promise<unknown>>();
  const server = await listen(
    request => {
      const response = respond(request);
      const done = () => underWay.delete(tracked);
      const tracked: Promise<unknown> = response.then(done, done);
      underWay.add(tracked);
      return response;
    },
    port,
    address,
  );
  return {
    server,
    url: urlOf(server.address() as AddressInfo),
    open: opened => {
      respond = opened;
    },
    drain: async milliseconds => {
      server.close();
      const timeout = new Promise(resolve => setTimeout(resolve, milliseconds).unref());
      await Promise.race([Promise.allSettled(underWay), timeout]);
    },
  };
}

/** Where this machine reaches the server: one that listens on every address is found on loopback, too. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
