/** The cache of assemblies: what is made once is used again, and only while nothing it depends on has changed. */
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Cache, digestOf, reuse } from '../../local/synthesize-cache.ts';
import { temporaryFolder } from '../support/folder.ts';

let cache: Cache;
let outdir: string;
let digest: string;
let made: number;

beforeEach(async () => {
  const folder = await temporaryFolder();
  digest = 'one';
  cache = { folder: join(folder, 'cache'), digest: async () => digest };
  outdir = join(folder, 'out');
  made = 0;
});

async function make() {
  made += 1;
  await mkdir(join(outdir, 'asset'), { recursive: true });
  await writeFile(join(outdir, 'asset', 'index.mjs'), `bundle ${made} of ${digest}`);
}

const bundle = () => readFile(join(outdir, 'asset', 'index.mjs'), 'utf8');
const entries = () => readdir(cache.folder);

describe('the cache', () => {
  it('makes once, and the second time fills the folder with the same', async () => {
    await reuse(cache, outdir, make);
    await writeFile(join(outdir, 'left-over'), '');
    await reuse(cache, outdir, make);
    expect([made, await bundle(), await readdir(outdir)]).toEqual([1, 'bundle 1 of one', ['asset']]);
  });

  it('makes anew when something has changed, and knows both after that', async () => {
    await reuse(cache, outdir, make);
    digest = 'two';
    await reuse(cache, outdir, make);
    expect(await bundle()).toBe('bundle 2 of two');
    digest = 'one';
    await reuse(cache, outdir, make);
    expect([made, await bundle()]).toEqual([2, 'bundle 1 of one']);
  });

  it.each([
    ['altered', (file: string) => writeFile(file, 'bundle 1 of 0ne')],
    ['missing', (file: string) => rm(file)],
  ])('makes an entry anew that has a file %s', async (_, spoil) => {
    await reuse(cache, outdir, make);
    await spoil(join(cache.folder, 'one', 'made', 'asset', 'index.mjs'));
    await reuse(cache, outdir, make);
    await reuse(cache, outdir, make);
    expect([made, await bundle()]).toEqual([2, 'bundle 2 of one']);
  });

  it('keeps nothing that was made while its sources changed', async () => {
    await reuse(cache, outdir, async () => {
      await make();
      digest = 'two';
    });
    expect(await entries().catch(() => [])).toEqual([]);
  });

  it('keeps nothing that failed, and says how it failed', async () => {
    await expect(reuse(cache, outdir, () => Promise.reject(new Error('Settings')))).rejects.toThrow(
      'Settings',
    );
    expect(await entries().catch(() => [])).toEqual([]);
  });

  it('keeps the six entries used last', async () => {
    for (const [at, name] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
      digest = name;
      await reuse(cache, outdir, make);
      await utimes(join(cache.folder, name), at, at);
    }
    digest = 'a';
    await reuse(cache, outdir, make);
    digest = 'g';
    await reuse(cache, outdir, make);
    expect((await entries()).sort()).toEqual(['a', 'c', 'd', 'e', 'f', 'g']);
  });

  it('does its work without a place to keep anything, and when nobody knows the digest', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await reuse({ ...cache, folder: file }, outdir, make);
    await reuse({ ...cache, digest: () => Promise.reject(new Error('A file has vanished.')) }, outdir, make);
    expect([made, await bundle()]).toEqual([2, 'bundle 2 of one']);
  });

  it('serves several at the same time', async () => {
    await reuse(cache, outdir, make);
    const folders = ['a', 'b', 'c'].map(name => join(outdir, '..', name));
    await Promise.all(folders.map(folder => reuse(cache, folder, make)));
    expect(made).toBe(1);
    for (const folder of folders) expect(await digestOf(folder, ['.'])).toBe(await digestOf(outdir, ['.']));
  });
});

describe('a digest', () => {
  it('changes with the content, the name and the number of files, and with what is told beside', async () => {
    const root = await temporaryFolder();
    const seen = new Set<string>();
    const look = async (beside = '') =>
      seen.add(await digestOf(root, ['lib', 'cdk.json', 'absent.json'], beside));
    await mkdir(join(root, 'lib', 'deep'), { recursive: true });
    await look();
    await writeFile(join(root, 'lib', 'deep', 'a.ts'), 'a');
    await look();
    await writeFile(join(root, 'lib', 'deep', 'a.ts'), 'b');
    await look();
    await writeFile(join(root, 'lib', 'b.ts'), 'b');
    await look();
    await writeFile(join(root, 'cdk.json'), '{}');
    await look();
    await look('settings');
    await writeFile(join(root, 'README.md'), 'not asked for');
    await look();
    expect(seen.size).toBe(6);
  });
});
