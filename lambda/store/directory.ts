/**
 * The directory: agents, queues, assistants and numbers, one partition for each kind, so that a kind is listed by one
 * strong query. Agents in particular are read whole and strongly at every dispatch: some 300 bytes each, 8 read
 * units for a hundred of them.
 */
import type { Agent } from '../queue/agent.ts';
import type { NumberEntry } from '../queue/entry.ts';
import type { Queue } from '../queue/queue.ts';
import type { Assistant, HttpTool } from '../voice/assistant.ts';
import { asItWas, type Item, isNew, type Key, type Table } from './table.ts';

type Kind = 'AGENT' | 'QUEUE' | 'ASSISTANT' | 'NUMBER';

export const agentKey = (number: string): Key => ({ pk: 'AGENT', sk: number });

export const agentItem = (agent: Agent): Item => ({ ...agentKey(agent.number), ...agent });

/** What a queue's owner chose; everything else comes from `queueDefaults`. */
export type QueueChoices = Partial<Queue> & { id: string };

/** What an assistant's owner chose; everything else comes from `assistantDefaults`, field by field. */
export type AssistantChoices = { id: string; http_tools?: HttpToolChoices[] } & {
  [Setting in keyof Omit<Assistant, 'id' | 'http_tools'>]?: Assistant[Setting] extends unknown[]
    ? Assistant[Setting]
    : Assistant[Setting] extends object
      ? Partial<Assistant[Setting]>
      : Assistant[Setting];
};

type HttpToolChoices = Pick<HttpTool, 'name' | 'description' | 'url'> & Partial<HttpTool>;

export type Directory = ReturnType<typeof directory>;

export function directory(table: Table) {
  const list = async <T>(kind: Kind): Promise<T[]> => {
    const found: T[] = [];
    const partition = { KeyConditionExpression: 'pk = :kind', ExpressionAttributeValues: { ':kind': kind } };
    for await (const item of table.query(partition)) found.push(plain<T>(item));
    return found;
  };
  const one = async <T>(kind: Kind, id: string): Promise<T | undefined> => {
    const item = await table.get({ pk: kind, sk: id });
    return item && plain<T>(item);
  };

  const choices = <T extends { id: string }>(kind: Kind) => {
    const item = (one: T): Item => ({ ...one, pk: kind, sk: one.id });
    return {
      list: () => list<T>(kind),
      one: (id: string) => one<T>(kind, id),
      create: (given: T) => table.put(item(given), isNew),
      save: (given: T) => table.put(item(given)),
      remove: (id: string) => table.remove({ pk: kind, sk: id }, exists),
    };
  };

  return {
    agents: {
      list: () => list<Agent>('AGENT'),
      one: (number: string) => one<Agent>('AGENT', number),

      async some(numbers: string[]): Promise<Agent[]> {
        if (numbers.length === 0) return [];
        return (await table.getAll(numbers.map(agentKey))).map(item => plain<Agent>(item));
      },

      /** Store `after` if the agent is still as `before` was read. @returns false when somebody was faster */
      save: (before: Agent | undefined, after: Agent): Promise<boolean> =>
        table.put(agentItem({ ...after, version: (before?.version ?? 0) + 1 }), asItWas(before)),
    },
    queues: choices<QueueChoices>('QUEUE'),
    assistants: choices<AssistantChoices>('ASSISTANT'),
    numbers: {
      list: () => list<NumberEntry>('NUMBER'),
      one: (number: string) => one<NumberEntry>('NUMBER', number),
      create: (entry: NumberEntry) => table.put({ ...entry, pk: 'NUMBER', sk: entry.number }, isNew),
      save: (entry: NumberEntry) => table.put({ ...entry, pk: 'NUMBER', sk: entry.number }),
      remove: (number: string) => table.remove({ pk: 'NUMBER', sk: number }, exists),
    },
  };
}

const exists = { ConditionExpression: 'attribute_exists(pk)' };

function plain<T>(item: Item): T {
  const { pk: _pk, sk: _sk, ...rest } = item;
  return rest as T;
}
