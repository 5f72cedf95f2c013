/** The cloud assembly on disk, as `cdk synth` leaves it: one stack's template and where its bundles lie. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from './resolve.ts';

export interface Assembly {
  folder: string;
  template: Template;
  /** Folder of each asset inside the assembly, by the S3 key under which the template knows it. */
  assets: Map<string, string>;
}

interface Manifest {
  artifacts: Record<string, { type: string; properties?: { templateFile?: string; file?: string } }>;
}
interface AssetManifest {
  files: Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>;
}

export async function readAssembly(folder: string): Promise<Assembly> {
  const artifacts = Object.values((await readJson<Manifest>(folder, 'manifest.json')).artifacts);
  const stacks = artifacts.filter(({ type }) => type === 'aws:cloudformation:stack');
  const templateFile = stacks[0]?.properties?.templateFile;
  if (!templateFile || stacks.length > 1) {
    throw new Error(`The local host runs one stack; the assembly in ${folder} has ${stacks.length}.`);
  }
  const manifests = artifacts.flatMap(({ type, properties }) =>
    type === 'cdk:asset-manifest' && properties?.file ? [properties.file] : [],
  );
  const assets = new Map<string, string>();
  for (const file of manifests) {
    for (const { source, destinations } of Object.values(
      (await readJson<AssetManifest>(folder, file)).files,
    )) {
      for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, source.path);
    }
  }
  return { folder, template: await readJson<Template>(folder, templateFile), assets };
}

async function readJson<T>(folder: string, file: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as T;
}
