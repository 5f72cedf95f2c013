/**
 * What a flow names that is not set up (yet): no error, since it may be set up later, and calls are led around it. Found
 * out anew at each answer, so a warning goes when its reason does.
 */
import type { Context } from '../app/context.ts';
import { type Need, needsOf } from '../flow/references.ts';
import { whyNotCalled } from '../platform/addresses.ts';
import type { Complaint } from '../platform/complaints.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import type { FlowHead, NewFlow } from '../store/flows.ts';
import { DEFAULT_ASSISTANT } from '../voice/assistant.ts';
import { slug } from './fields.ts';

export type Warning = Complaint;

const MOST_WARNINGS = 100;

/** @returns nothing for what is set up; else what is missing, how to set it up, and what happens until then */
type Missing = (id: string) => string | undefined;

export async function warningsOf(context: Context, flow: NewFlow): Promise<Warning[]> {
  const needs = needsOf(flow);
  const { missing, doubtful } = await missingOf(context, flow.id, new Set(needs.map(({ kind }) => kind)));
  const warnings = needs.flatMap(need => {
    const what = missing[need.kind](need.id);
    if (what !== undefined)
      return [{ field: need.path, message: `${what}; until then ${meanwhile(need, flow)}` }];
    const which = need.kind === 'flow' ? doubtful(need.id) : undefined;
    return which === undefined ? [] : [{ field: need.path, message: which }];
  });
  return warnings.slice(0, MOST_WARNINGS);
}

async function missingOf(
  { store: { directory, flows }, settings }: Context,
  own: string,
  kinds: ReadonlySet<Need['kind']>,
): Promise<{ missing: Record<Need['kind'], Missing>; doubtful: Missing }> {
  const [queues, assistants, heads] = await Promise.all([
    kinds.has('queue') ? directory.queues.list() : [],
    kinds.has('assistant') ? directory.assistants.list() : [],
    kinds.has('flow') ? flows.list() : [],
  ]);
  const missing = {
    queue: unknownOf('queue', [DEFAULT_QUEUE, ...queues.map(({ id }) => id)]),
    assistant: unknownOf('assistant', [DEFAULT_ASSISTANT, ...assistants.map(({ id }) => id)]),
    flow: (id: string) => (id === own ? undefined : unpublished(id, heads)),
    address: (url: string) => notCalled(url, settings.HTTP_ALLOW_HOSTS),
    setting: (name: string) =>
      name === 'MESSAGE_WEBHOOK_URL' && settings.MESSAGE_WEBHOOK_URL === ''
        ? `the setting ${name} names no address to send it to`
        : undefined,
  };
  return { missing, doubtful: id => namesakes(id, heads) };
}

/** Several flows of one name: which of them is meant? */
function namesakes(idOrName: string, heads: FlowHead[]): string | undefined {
  if (heads.some(({ id }) => id === idOrName)) return undefined;
  const named = heads.filter(({ name }) => name === idOrName);
  if (named.length < 2) return undefined;
  const ids = named.map(({ id }) => `"${id}"`).join(', ');
  return `${named.length} flows have the name "${idOrName}", and the oldest of them runs; name one by its id: ${ids}`;
}

const unknownOf =
  (kind: 'queue' | 'assistant', known: string[]): Missing =>
  id =>
    known.includes(id) ? undefined : `there is no ${kind} "${id}"; PUT /${kind}s/${id} sets it up`;

function unpublished(idOrName: string, heads: FlowHead[]): string | undefined {
  const head = heads.find(({ id }) => id === idOrName) ?? heads.find(({ name }) => name === idOrName);
  const remedy = slug.safeParse(idOrName).success ? `PUT /flows/${idOrName}` : 'POST /flows with that name';
  if (!head) return `there is no flow "${idOrName}", by its id or its name; ${remedy} saves one`;
  if (head.published !== undefined) return undefined;
  return `the flow "${idOrName}" has no published version; POST /flows/${head.id}/publish publishes one`;
}

function notCalled(url: string, allowHosts: string): string | undefined {
  if (!URL.canParse(url)) return 'it is no address that can be called; correct it';
  const why = whyNotCalled(new URL(url), allowHosts);
  return (
    why && `${why} Use a public https:// address, or name its host and port in the setting HTTP_ALLOW_HOSTS`
  );
}

function meanwhile({ failure, path, inCall }: Need, flow: NewFlow): string {
  const fallback = inCall
    ? `the queue "${DEFAULT_QUEUE}"`
    : flow.fallback_flow_id
      ? `the flow "${flow.fallback_flow_id}"`
      : `the queue "${flow.fallback_queue_id ?? DEFAULT_QUEUE}"`;
  const beside = BESIDE[path.slice(path.lastIndexOf('.') + 1)];
  if (failure !== undefined && beside !== undefined) return beside;
  switch (failure) {
    case 'to_error_target':
      return 'the action fails, and the flow goes to its on_error_target_id';
    case 'go_on':
      return 'the action fails, and the flow goes on';
    case 'fall_back':
      return `callers hear an apology and go to the fallback, ${fallback}`;
    case undefined:
      return OWN[path] ?? '';
  }
}

/** What an action does without. */
const BESIDE: Record<string, string> = {
  on_end_flow_id: 'nothing follows it',
  webhook_url: 'nobody is told there',
};

/** What the flow itself needs. */
const OWN: Record<string, string> = {
  on_complete_flow_id: 'nothing follows this flow',
  fallback_flow_id: 'callers whom the flow can take no further go to the fallback queue',
  fallback_queue_id: 'callers whom the flow can take no further hear an apology and are hung up on',
};
