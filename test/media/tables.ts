/** The table of the media path, on the local engine and in memory: both must do what the tests say. */
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { framesTable } from '../../lambda/media/frames-table.ts';
import { type Streams, streams } from '../../lambda/media/streams.ts';
import { startTestTables } from '../support/dynamo.ts';
import { MemoryFrames } from '../support/memory-frames.ts';

/** @param tests get the stores, once they are open */
export function onBothTables(what: string, tests: (opened: () => Streams) => void): void {
  describe(`${what}, on the local engine`, () => {
    let dynamo: Awaited<ReturnType<typeof startTestTables>>;
    let opened: Streams;
    beforeAll(async () => {
      dynamo = await startTestTables();
      opened = streams(framesTable(DynamoDBDocumentClient.from(dynamo.client), dynamo.tables.frames));
    });
    afterAll(() => dynamo.stop());
    tests(() => opened);
  });
  describe(`${what}, in memory`, () => {
    const opened = streams(new MemoryFrames());
    tests(() => opened);
  });
}
