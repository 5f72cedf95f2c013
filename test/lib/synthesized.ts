/**
 * The stack as a template, without bundling: what the tests of this folder look at. Each variant is synthesized
 * once, by the first test file that asks for it.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { madeOnce } from '../support/made-once.ts';

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape, and tests look into all of it.
  Properties: any;
  DeletionPolicy?: string;
}

export interface Synthesized {
  resources: Record<string, Resource>;
  outputs: Record<string, { Value: unknown; Description: string }>;
  /** The template as text, for what must not be anywhere in it. */
  text: string;
  terminationProtection: boolean;
}

export async function synthesize(context: Record<string, string> = {}): Promise<Synthesized> {
  const name = createHash('sha256').update(JSON.stringify(context)).digest('hex');
  const folder = await madeOnce(`template-${name}`, async draft =>
    writeFileSync(join(draft, 'synthesized.json'), JSON.stringify(await synthesizeNow(context))),
  );
  return JSON.parse(readFileSync(join(folder, 'synthesized.json'), 'utf8'));
}

async function synthesizeNow(context: Record<string, string>): Promise<Synthesized> {
  // The CDK takes seconds to load, and most files find what they want made already.
  const { createApp } = await import('../../lib/app.ts');
  const outdir = mkdtempSync(join(tmpdir(), 'switchboard-template-'));
  const app = createApp({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, outdir });
  const stack = app.synth().getStackByName('Switchboard');
  const { Resources, Outputs } = stack.template;
  rmSync(outdir, { recursive: true });
  return {
    resources: Resources,
    outputs: Outputs,
    text: JSON.stringify(stack.template),
    terminationProtection: stack.terminationProtection ?? false,
  };
}

/** Resources of a type with their logical ids. */
export function ofType({ resources }: Synthesized, type: string): [id: string, resource: Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/** The one function whose bundle is built from `<name>.handler.ts`, by its place in the construct tree. */
export function functionNamed(template: Synthesized, name: string): [id: string, resource: Resource] {
  const found = ofType(template, 'AWS::Lambda::Function').filter(([id]) =>
    id.toLowerCase().startsWith(`functions${name}`),
  );
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`${found.length} functions are called ${name}; expected one`);
  return only;
}

/** An intrinsic as readable text: `{Ref: X}` is `X`, `{GetAtt: [X, Arn]}` is `X.Arn`, a Join its joined parts. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument] = ['', '']] = Object.entries(value);
  if (intrinsic === 'Ref') return String(argument);
  if (intrinsic === 'Fn::GetAtt') return (argument as string[]).join('.');
  if (intrinsic === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(textOf).join(separator);
  }
  return JSON.stringify(value);
}
