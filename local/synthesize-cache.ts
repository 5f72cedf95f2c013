/**
 * Folders that took long to make, kept under a digest of all that went into them. An entry appears whole, by a
 * rename, carries a seal over its files, and is copied to whoever wants it, so that nobody works in what another may
 * remove. Whatever is wrong with the cache costs time and nothing else.
 */
import { createHash, randomUUID } from 'node:crypto';
import { cp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface Cache {
  folder: string;
  /** Of everything that the result depends on. */
  digest: () => Promise<string>;
}

/** Settings that somebody goes back and forth between. */
const MOST_ENTRIES = 6;

/** Fills `outdir`, in place of what is there: from the cache, else by `make`. Rejects only as `make` does. */
export async function reuse(cache: Cache, outdir: string, make: () => Promise<void>): Promise<void> {
  const digest = await cache.digest().catch(absent);
  const entry = digest && join(cache.folder, digest);
  if (entry && (await copiedFrom(entry, outdir))) return;
  await rm(outdir, { recursive: true, force: true });
  await make();
  // What was made of sources that changed meanwhile belongs to neither digest.
  if (entry && (await cache.digest().catch(absent)) === digest) await keep(entry, outdir);
}

/** SHA-256 over the names and contents of files and of all files in folders. What does not exist is left out. */
export async function digestOf(root: string, parts: string[], alsoOf = ''): Promise<string> {
  const files = (await Promise.all(parts.map(part => filesIn(join(root, part))))).flat().sort();
  const contents = await Promise.all(files.map(file => readFile(file)));
  const hash = createHash('sha256').update(alsoOf);
  for (const [at, content] of contents.entries())
    hash.update(`\0${relative(root, files[at] ?? '')}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}

async function filesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch(absent);
  if (!found?.isDirectory()) return found ? [path] : [];
  const inside = await readdir(path, { recursive: true, withFileTypes: true });
  return inside.filter(one => one.isFile()).map(one => join(one.parentPath, one.name));
}

/** False when there is no entry or when its seal is broken, which removes it. */
async function copiedFrom(entry: string, outdir: string): Promise<boolean> {
  try {
    const seal = await readFile(join(entry, 'seal'), 'utf8');
    await rm(outdir, { recursive: true, force: true });
    await cp(join(entry, 'made'), outdir, { recursive: true });
    if ((await digestOf(outdir, ['.'])) !== seal) throw new Error('The seal is broken.');
    await utimes(entry, new Date(), new Date());
    return true;
  } catch {
    // The reason does not matter: the entry is made anew.
    await rm(entry, { recursive: true, force: true }).catch(absent);
    return false;
  }
}

async function keep(entry: string, outdir: string): Promise<void> {
  const draft = `${entry}.${randomUUID()}`;
  try {
    await cp(outdir, join(draft, 'made'), { recursive: true });
    await writeFile(join(draft, 'seal'), await digestOf(outdir, ['.']));
    await rename(draft, entry);
  } catch {
    // Somebody else was quicker, or nothing can be kept here: the next one makes it again.
    await rm(draft, { recursive: true, force: true }).catch(absent);
  }
  await prune(join(entry, '..')).catch(absent);
}

async function prune(folder: string): Promise<void> {
  const entries = (await readdir(folder)).map(name => join(folder, name));
  const ages = await Promise.all(entries.map(async path => ({ path, used: (await stat(path)).mtimeMs })));
  const old = ages.sort((a, b) => b.used - a.used).slice(MOST_ENTRIES);
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })));
}

const absent = () => undefined;
