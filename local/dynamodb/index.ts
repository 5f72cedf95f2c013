/**
 * A local DynamoDB behind the real wire protocol: the engine, and in front of it the faults a test asks for and
 * the permissions a caller has. `startDynamo` serves it on a loopback port; the host mounts `handle` beside its
 * other services.
 */
import { AwsError, type AwsReply, type AwsRequest, LostReply, serveAws } from '../aws/protocol.ts';
import { needsOf, tablesOf } from './access.ts';
import type { Capacity } from './capacity.ts';
import type { Input, Output } from './dynalite.ts';
import { Engine } from './engine.ts';
import { type Fault, Faults } from './faults.ts';
import { ensureTable, type TableDefinition, type TableSpec, toDefinition } from './tables.ts';
import { cancelled } from './transactions.ts';
import { describeTimeToLive, sweepTable, updateTimeToLive } from './ttl.ts';

export type { TableDefinition, TableSpec } from './tables.ts';

export interface DynamoOptions {
  /** Folder of the data; in memory when absent. */
  path?: string;
  /** Throws `AccessDeniedException` unless the caller may; everything is allowed when absent. */
  authorize?: (caller: string, action: string, resource: string) => void;
  /** Epoch milliseconds; for the lifetime of client tokens. */
  now?: () => number;
}

export interface Dynamo {
  handle(request: AwsRequest): Promise<AwsReply>;
  faults: Faults;
  /** Units consumed so far, by the rules at the head of capacity.ts. */
  capacity(): Capacity;
  /** Creates a table, or checks that the one on disk is alike. */
  createTable(definition: TableDefinition, ttl?: string): Promise<void>;
  /** Removes expired items of all tables as TTL would; resolves to their number. */
  sweep(now: number): Promise<number>;
  close(): Promise<void>;
}

/** Opens the database without a port. */
export async function openDynamo(options: DynamoOptions = {}): Promise<Dynamo> {
  const engine = await Engine.open(options.path, options.now);
  const faults = new Faults();
  const tables = new Set<string>();
  return {
    handle: request => handle(engine, faults, options, request),
    faults,
    capacity: () => ({ ...engine.capacity }),
    createTable: async (definition, ttl) => {
      await ensureTable(engine, definition);
      tables.add(definition.TableName);
      const TimeToLiveSpecification = { AttributeName: ttl, Enabled: true };
      if (ttl) await updateTimeToLive(engine, { TableName: definition.TableName, TimeToLiveSpecification });
    },
    sweep: async now => {
      let swept = 0;
      for (const table of tables) swept += await sweepTable(engine, table, now);
      return swept;
    },
    close: () => engine.close(),
  };
}

/** A database with these tables on a loopback port; any credentials do. */
export async function startDynamo(
  options: DynamoOptions & { port?: number; tables?: TableSpec[] } = {},
): Promise<Dynamo & { endpoint: string; stop(): Promise<void> }> {
  const dynamo = await openDynamo(options);
  for (const spec of options.tables ?? []) await dynamo.createTable(toDefinition(spec), spec.ttl);
  const server = await serveAws(dynamo.handle, options.port);
  const stop = async () => {
    await server.stop();
    await dynamo.close();
  };
  return { ...dynamo, endpoint: server.endpoint, stop };
}

async function handle(
  engine: Engine,
  faults: Faults,
  options: DynamoOptions,
  { target, body, caller }: AwsRequest,
): Promise<AwsReply> {
  const operation = target.split('.')[1] ?? '';
  const input = JSON.parse(body.toString() || '{}') as Input;
  for (const { action, resource } of needsOf(operation, input)) options.authorize?.(caller, action, resource);
  const fault = faults.take({ operation, tables: tablesOf(operation, input), caller });
  await before(fault, input);
  let crashed = false;
  const output = await execute(engine, operation, input, () => {
    if (!faults.written()) return;
    crashed = true;
    engine.halt();
  });
  if (crashed || fault?.kind === 'lost_reply') throw new LostReply();
  return { headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) };
}

function execute(engine: Engine, operation: string, input: Input, wrote: () => void): Promise<Output> {
  if (operation === 'UpdateTimeToLive') return updateTimeToLive(engine, input);
  if (operation === 'DescribeTimeToLive') return describeTimeToLive(engine, input);
  return engine.execute(operation, input, wrote);
}

/** The faults that strike before anything is done. */
async function before(fault: Fault | undefined, input: Input): Promise<void> {
  switch (fault?.kind) {
    case 'throttle':
      throw new AwsError(
        'ThrottlingException',
        'Throughput exceeds the current capacity of your table or index.',
      );
    case 'error':
      throw new AwsError('InternalServerError', 'Internal server error', {}, 500);
    case 'conflict': {
      const items = input.TransactItems as unknown[] | undefined;
      if (!items) throw new AwsError('TransactionConflictException', 'Transaction is ongoing for the item');
      throw cancelled(
        items.map(() => ({ Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' })),
      );
    }
    case 'delay':
      await new Promise(resolve => setTimeout(resolve, fault.milliseconds));
  }
}
