/** Everything that is stored, by kind, and the one way in which calls and agents change. */
import type { Call } from '../call/call.ts';
import { type Callbacks, callbacks } from './callbacks.ts';
import { type Calls, calls } from './calls.ts';
import { type Change, commit, type Tables } from './commit.ts';
import { type Conversations, conversations } from './conversations.ts';
import { type Directory, directory } from './directory.ts';
import { type FlowStore, flowStore } from './flows.ts';
import { type Line, line } from './line.ts';
import { type Nonces, nonces } from './nonces.ts';
import { type Reports, reports } from './reports.ts';
import { type Rollups, rollups } from './rollups.ts';
import { type Runs, runs } from './runs.ts';
import { type Transcripts, transcripts } from './transcripts.ts';

export interface Store {
  calls: Calls;
  callbacks: Callbacks;
  line: Line;
  reports: Reports;
  rollups: Rollups;
  conversations: Conversations;
  transcripts: Transcripts;
  directory: Directory;
  flows: FlowStore;
  runs: Runs;
  nonces: Nonces;
  /** @returns the call as stored, or undefined when somebody was faster: read again and decide anew */
  commit(change: Change): Promise<Call | undefined>;
}

export const store = (tables: Tables): Store => ({
  calls: calls(tables.calls),
  callbacks: callbacks(tables.calls),
  line: line(tables.calls),
  reports: reports(tables.calls),
  rollups: rollups(tables.calls, tables.retentionDays),
  conversations: conversations(tables.calls, tables.retentionDays),
  transcripts: transcripts(tables.calls, tables.retentionDays),
  directory: directory(tables.directory),
  flows: flowStore(tables.directory),
  runs: runs(tables.calls, tables.retentionDays),
  nonces: nonces(tables.calls),
  commit: change => commit(tables, change),
});
