/**
 * The host: runs a synthesized stack on this machine, and nothing that the stack does not declare. Tables and
 * secrets come up first, then the functions (as worker threads, on their first invocation), then the public APIs.
 * Everything the functions ask of AWS goes to one loopback port, where the permissions of their role are enforced.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ENV } from '../lambda/platform/names.ts';
import { createGuard } from './aws/guard.ts';
import { type AwsPort, openAwsPort } from './aws/port.ts';
import { closeServer, REGION } from './aws/protocol.ts';
import { createSecretsManager, type SecretStore } from './aws/secrets.ts';
import { type Dynamo, openDynamo } from './dynamodb/index.ts';
import { awsEnvironment, Lambda } from './functions/lambda.ts';
import type { Usage } from './functions/pool.ts';
import { createConnectionsApi } from './gateway/connections-api.ts';
import type { Way } from './gateway/disturbance.ts';
import { createHttpApi } from './gateway/http-api.ts';
import { type Gateway, openGateway } from './gateway/port.ts';
import { SocketApi } from './gateway/socket-api.ts';
import { API_GATEWAY_LIMITS, type Limits } from './gateway/sockets.ts';
import { once } from './once.ts';
import { Schedules } from './schedules.ts';
import { fieldOf, openSecrets } from './secret-values.ts';
import { type Assembly, readAssembly } from './template/assembly.ts';
import { findId, isCalled } from './template/logical-ids.ts';
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
  /** At most so many instances of a function at a time, by the end of its name; `INSTANCES` when absent. */
  instances?: Record<string, number>;
  /** How long a WebSocket may be silent, and last; API Gateway's limits when absent. */
  socketLimits?: Limits;
  /** Changes the template before it is run: a grant taken away, a timeout shortened. */
  adapt?: (template: Template) => void;
}

export interface Host {
  url: string;
  /** Where WebSockets are opened, without the stage; http becomes ws. */
  socketUrl: string;
  /** Endpoint of DynamoDB, Lambda, Secrets Manager and the sockets' management; the access key id `operator` may do anything there. */
  awsEndpoint: string;
  dynamo: Dynamo;
  faults: Dynamo['faults'];
  /** Loss, repetition and jitter of WebSocket messages on their way to functions. */
  way: Way;
  /** Ends the runs of a function whose event matches, as a crash in the middle would; returns their number. */
  killInstance(functionName: string, matches?: (event: unknown) => boolean): number;
  /** What was counted since the start: WebSocket messages both ways, and the invocations of each function. */
  usage(): { received: number; sent: number; functions: Record<string, Usage> };
  /** A field of a secret, such as `API_KEY`. */
  secret(field: string): string | undefined;
  /** The full name of the one function (or table) that ends so: `webhooks` is `FunctionsWebhooks1A2B3C4D`. */
  nameOf(kind: 'function' | 'table', ending: string): string;
  /** Fires the schedules of a function (all when absent). */
  tick(functionName?: string): void;
  /** Loads the code of these functions, so that nobody waits for it. */
  warm(...functionNames: string[]): Promise<void>;
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

/** A call's fifty frames a second need few instances of `stream`; each conversation has a `session` of its own. */
const INSTANCES: Record<string, number> = { stream: 3, session: 20 };

export async function startHost(options: HostOptions): Promise<Host> {
  const assembly = await readAssembly(options.assemblyDir);
  options.adapt?.(assembly.template);
  const gateway = await openGateway(options.port ?? 0, options.address ?? '127.0.0.1');
  const aws = await openAwsPort();
  try {
    return await assemble(options, assembly, gateway, aws);
  } catch (error) {
    await Promise.all([closeServer(gateway.server), aws.stop()]);
    throw error;
  }
}

/** The parts, started in order and tied together. */
async function assemble(
  options: HostOptions,
  assembly: Assembly,
  gateway: Gateway,
  aws: AwsPort,
): Promise<Host> {
  const http = options.publicUrl ?? gateway.url;
  const socket = http.replace(/^http/, 'ws');
  const stack = readStack(assembly, { http, socket, connections: aws.endpoint });
  const functions = stack.functions.map(fn => withLimit(withSettings(fn, options), options));
  const guard = createGuard(new Map(functions.map(({ name, identity }) => [name, identity])));
  if (options.dataDir) await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const secrets = await openSecrets(stack.secrets, options.secrets ?? {}, inDataDir(options, 'secrets.json'));
  const path = inDataDir(options, 'dynamodb');
  const dynamo = await openDynamo({ authorize: guard, ...(path && { path }) });
  for (const { definition, ttl } of stack.tables) await dynamo.createTable(definition, ttl);

  const lambda = new Lambda({
    functions,
    runtimeEnvironment: name => awsEnvironment(name, aws.endpoint, REGION),
    output: options.output ?? (() => undefined),
    ...(options.retryPausesMs && { retryPausesMs: options.retryPausesMs }),
  });
  const sockets = new SocketApi(stack.socketApi, lambda, options.socketLimits ?? API_GATEWAY_LIMITS);
  aws.open({
    dynamo: dynamo.handle,
    secrets: createSecretsManager(secrets, guard),
    connections: createConnectionsApi(sockets, guard),
    lambda: lambda.api(guard),
  });
  const schedules = new Schedules(stack.schedules, lambda);
  const sweeping = startClock(options, schedules, dynamo);
  gateway.open(createHttpApi(stack.httpApi, lambda), sockets.upgrade);

  const end = once(async () => {
    clearInterval(sweeping);
    schedules.stop();
    sockets.end();
    await Promise.all([closeServer(gateway.server), aws.stop(), lambda.stop()]);
    await dynamo.close();
  });
  const stop = once(async () => {
    await gateway.drain(GRACE_MS);
    await end();
  });
  const parts = { stack, secrets, dynamo, lambda, schedules, sockets };
  const addresses = { url: gateway.url, socketUrl: gateway.url.replace(/^http/, 'ws') };
  return { ...addresses, awsEndpoint: aws.endpoint, ...handles(parts), stop, kill: end };
}

interface Parts {
  stack: StackModel;
  secrets: SecretStore;
  dynamo: Dynamo;
  lambda: Lambda;
  schedules: Schedules;
  sockets: SocketApi;
}

/** What users of a host hold on to. */
function handles({ stack, secrets, dynamo, lambda, schedules, sockets }: Parts) {
  const names = {
    function: stack.functions.map(({ name }) => name),
    table: stack.tables.map(({ definition }) => definition.TableName),
  };
  const nameOf: Host['nameOf'] = (kind, ending) => findId(names[kind], kind, ending);
  return {
    dynamo,
    faults: dynamo.faults,
    way: sockets.way,
    killInstance: (name: string, matches: (event: unknown) => boolean = () => true) =>
      lambda.kill(nameOf('function', name), matches),
    usage: () => ({ ...sockets.counts, functions: lambda.usage() }),
    secret: (field: string) => fieldOf(secrets, field),
    nameOf,
    tick: (name?: string) => {
      if (schedules.tick(name === undefined ? name : nameOf('function', name)) === 0) {
        throw new Error(`No schedule fires ${name ?? 'anything'}.`);
      }
    },
    warm: async (...names: string[]) => {
      await Promise.all(names.map(name => lambda.warm(nameOf('function', name))));
    },
    invoke: async (name: string, event: unknown) => {
      const result = await lambda.invoke(nameOf('function', name), JSON.stringify(event ?? {}));
      if (result.ok) return JSON.parse(result.payload) as unknown;
      throw Object.assign(new Error(result.failure.errorMessage), { name: result.failure.errorType });
    },
    settled: () => lambda.settled(),
  };
}

/** Only functions that know the public address take settings; the others have no use for them. */
function withSettings(fn: FunctionModel, { settings = {} }: HostOptions): FunctionModel {
  if (!(ENV.publicUrl in fn.environment)) return fn;
  return { ...fn, environment: { ...fn.environment, ...settings } };
}

/** The host's own limit, beside one that the template reserves. */
function withLimit(fn: FunctionModel, { instances = {} }: HostOptions): FunctionModel {
  const limits = { ...INSTANCES, ...instances };
  const ending = Object.keys(limits).find(name => isCalled(fn.name, name));
  const limit = Math.min(limits[ending ?? ''] ?? Infinity, fn.maxInstances ?? Infinity);
  return limit === Infinity ? fn : { ...fn, maxInstances: limit };
}

function startClock({ time = 'clock', output }: HostOptions, schedules: Schedules, dynamo: Dynamo) {
  if (time === 'manual') return undefined;
  schedules.start();
  return setInterval(() => {
    dynamo.sweep(Date.now()).catch(error => output?.('time-to-live', 'stderr', String(error)));
  }, SWEEP_EVERY_MS);
}

const inDataDir = ({ dataDir }: HostOptions, name: string) => dataDir && join(dataDir, name);
