/**
 * Assistants: only what their owner chose is stored, so that a default can change for everybody else; what is
 * answered is complete. The default assistant always exists.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { completeAssistant } from '../app/assistants.ts';
import type { Context } from '../app/context.ts';
import { whyNotCalled } from '../platform/addresses.ts';
import type { AssistantChoices } from '../store/directory.ts';
import { DEFAULT_ASSISTANT } from '../voice/assistant.ts';
import { assistantChoices, assistantSettings } from './assistant-settings.ts';
import { named, slug } from './fields.ts';
import { operation } from './operation.ts';
import { conflict, invalid, notFound } from './problem.ts';
import { requireQueues } from './queues.ts';

const assistantSchema = named('Assistant', z.strictObject({ id: slug, ...assistantSettings }));
const creation = named('NewAssistant', z.strictObject(assistantChoices));
const replacement = named('AssistantChoices', z.strictObject({ id: z.optional(slug), ...assistantChoices }));
const path = z.strictObject({ id: slug });

export const createAssistant = operation({
  id: 'createAssistant',
  summary: 'Set up an assistant under a generated id',
  description:
    'Settings that are left out have their defaults, now and when a default changes. One without a name is called "Assistant".',
  body: creation,
  answers: { 201: assistantSchema },
  async handle(context, { body }) {
    const assistant = { name: 'Assistant', ...body, id: randomUUID() };
    await checkReferences(context, assistant);
    await context.store.directory.assistants.create(assistant);
    return { status: 201, body: completeAssistant(context.settings, assistant) };
  },
});

export const listAssistants = operation({
  id: 'listAssistants',
  summary: 'Every assistant with its complete settings',
  answers: { 200: named('AssistantList', z.strictObject({ assistants: z.array(assistantSchema) })) },
  async handle(context) {
    const stored = await context.store.directory.assistants.list();
    const implied = stored.some(({ id }) => id === DEFAULT_ASSISTANT) ? [] : [{ id: DEFAULT_ASSISTANT }];
    const assistants = [...implied, ...stored].map(one => completeAssistant(context.settings, one));
    return { status: 200, body: { assistants } };
  },
});

export const getAssistant = operation({
  id: 'getAssistant',
  summary: 'One assistant with its complete settings',
  path,
  answers: { 200: assistantSchema },
  problems: [404],
  async handle(context, { path: { id } }) {
    const body = completeAssistant(context.settings, await knownAssistant(context, id));
    return { status: 200, body };
  },
});

export const putAssistant = operation({
  id: 'putAssistant',
  summary: 'Set up an assistant under an id of your choice, or replace its settings',
  description:
    'Replaces them all: what is left out goes back to its default. An `id` in the body must agree. Conversations under way take it up with their next session.',
  path,
  body: replacement,
  answers: { 200: assistantSchema, 201: assistantSchema },
  async handle(context, { path: { id }, body }) {
    if (body.id !== undefined && body.id !== id)
      throw invalid([{ field: 'id', message: `must be "${id}" as in the path, or left out` }]);
    const assistant = { ...body, id };
    await checkReferences(context, assistant);
    const { assistants } = context.store.directory;
    const isNew = await assistants.create(assistant);
    if (!isNew) await assistants.save(assistant);
    const status = isNew && id !== DEFAULT_ASSISTANT ? 201 : 200;
    return { status, body: completeAssistant(context.settings, assistant) };
  },
});

export const deleteAssistant = operation({
  id: 'deleteAssistant',
  summary: 'Remove an assistant',
  description:
    'Refused while a number leads to it. A conversation under way goes on with the default settings. The default assistant cannot be removed.',
  path,
  answers: { 204: null },
  problems: [404, 409],
  async handle(context, { path: { id } }) {
    if (id === DEFAULT_ASSISTANT)
      throw conflict(`The default assistant always exists. PUT /assistants/${id} with {} resets it.`);
    await knownAssistant(context, id);
    const entries = (await context.store.directory.numbers.list()).filter(entry => entry.assistant === id);
    if (entries.length > 0)
      throw conflict(
        `${entries.map(entry => entry.number).join(', ')} leads to this assistant. Lead it elsewhere first.`,
      );
    await context.store.directory.assistants.remove(id);
    return { status: 204 };
  },
});

/** @throws a 404 problem for an assistant that nobody set up, other than the default one */
async function knownAssistant(context: Context, id: string): Promise<AssistantChoices> {
  const assistant = await context.store.directory.assistants.one(id);
  if (assistant) return assistant;
  if (id === DEFAULT_ASSISTANT) return { id };
  throw notFound(
    `There is no assistant "${id}". GET /assistants lists them; PUT /assistants/${id} sets it up.`,
  );
}

/** @throws a 400 problem for the field that names an assistant which nobody set up */
export async function requireAssistant(context: Context, id: string): Promise<void> {
  if (id === DEFAULT_ASSISTANT || (await context.store.directory.assistants.one(id))) return;
  throw invalid([
    { field: 'assistant', message: `there is no assistant "${id}"; PUT /assistants/${id} sets it up` },
  ]);
}

async function checkReferences(
  context: Context,
  { queue, http_tools = [] }: AssistantChoices,
): Promise<void> {
  const errors = http_tools.flatMap(({ url }, at) => {
    const why = whyNotCalled(new URL(url), context.settings.HTTP_ALLOW_HOSTS);
    const remedy = 'use a public https:// address, or name its host and port in the setting HTTP_ALLOW_HOSTS';
    return why ? [{ field: `http_tools.${at}.url`, message: `${why} Please ${remedy}` }] : [];
  });
  if (errors.length > 0) throw invalid(errors);
  if (queue !== undefined) await requireQueues(context, [{ field: 'queue', id: queue }]);
}
