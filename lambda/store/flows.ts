/**
 * Flows in the directory table: a head that says which version is live, and the versions, which never change.
 *
 *   FLOW       <id>        name, newest and published version
 *   FLOW#<id>  <version>   the flow as it was saved then
 */
import type { Flow } from '../flow/flow.ts';
import { asItWas, type Item, type Key, type Table } from './table.ts';

export interface FlowHead {
  id: string;
  name: string;
  /** The newest version; versions count from 1. */
  newest: number;
  /** The version that calls run; absent for a flow that was never published. */
  published?: number;
  /** Of the head's own item. */
  version: number;
  created_at: number;
  updated_at: number;
}

/** One saved version, with what was remarked when it was saved. */
export interface SavedFlow {
  flow: Flow;
  saved_at: number;
  warnings: string[];
}
