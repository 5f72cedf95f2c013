import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { importsOf, reachedFrom, type Source, violations } from './arrow-rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rooms = ['bin', 'lib', 'lambda', 'local', 'carrier', 'doubles'].filter(room =>
  existsSync(join(root, room)),
);
const sources: Source[] = rooms.flatMap(room =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${room}/${name.replaceAll('\\', '/')}`)
    .map(file => ({ file, text: readFileSync(join(root, file), 'utf8') })),
);

test.each(rooms)('the imports of %s/ point the right way', room => {
  const own = sources.filter(({ file }) => file.startsWith(`${room}/`));
  expect(own.length).toBeGreaterThan(0);
  expect(own.flatMap(violations)).toEqual([]);
});

test('whoever starts the carrier does not get the host with it', () => {
  const reached = [...reachedFrom('carrier/index.ts', sources)];
  expect(reached.length).toBeGreaterThan(10);
  expect(reached.filter(file => !/^(carrier|doubles)\//.test(file))).toEqual([]);
});

test('what runs in Lambda uses packages that are installed for it, not for development', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const undeclared = sources
    .filter(({ file }) => file.startsWith('lambda/'))
    .flatMap(source =>
      importsOf(source)
        .filter(({ target, typeOnly }) => !typeOnly && !/^(node:|lambda\/)/.test(target))
        .filter(({ target }) => !(packageOf(target) in dependencies))
        .map(({ target }) => `${source.file} imports ${target}`),
    );
  expect(undeclared).toEqual([]);
});

describe('the rules find', () => {
  const wrong: [what: string, file: string, text: string][] = [
    [
      'a handler that knows the host',
      'lambda/handlers/a.handler.ts',
      "import { b } from '../../local/b.ts';",
    ],
    ['a room that knows a handler', 'lambda/store/a.ts', "import { b } from '../handlers/b.ts';"],
    ['a platform that knows a room', 'lambda/platform/a.ts', "import type { B } from '../queue/b.ts';"],
    ['a carrier room that knows the queue', 'lambda/vobiz/a.ts', "import { b } from '../queue/b.ts';"],
    ['a codec that depends on something', 'lambda/codec/a.ts', "import { b } from 'b';"],
    ['a pure room with the SDK', 'lambda/queue/a.ts', "import { b } from '@aws-sdk/client-dynamodb';"],
    ['a pure room with a store', 'lambda/call/a.ts', "export { b } from '../store/b.ts';"],
    ['a pure room with a log', 'lambda/call/a.ts', "import {\n  log,\n} from '../platform/log.ts';"],
    ['a pure room with files', 'lambda/queue/a.ts', "import 'node:fs';"],
    ['a pure room with a late import', 'lambda/queue/a.ts', "const b = await import('node:os');"],
    ['hashing outside the signers', 'lambda/vobiz/xml.ts', "import { createHash } from 'node:crypto';"],
    ['a pure room with a clock', 'lambda/queue/a.ts', 'const now = Date.now();'],
    ['a pure room with chance', 'lambda/queue/a.ts', 'const first = Math.random() < 0.5;'],
    ['infrastructure that knows a room', 'lib/a.ts', "import { b } from '../lambda/queue/b.ts';"],
    ['a host that knows a room', 'local/a.ts', "import { b } from '../lambda/store/b.ts';"],
    ['a host that knows a construct', 'local/a.ts', "import { b } from '../lib/tables.ts';"],
    [
      'a carrier that knows the functions',
      'carrier/a.ts',
      "import { b } from '../lambda/platform/names.ts';",
    ],
    ['a double that knows our codec', 'doubles/a.ts', "import { b } from '../lambda/codec/b.ts';"],
    [
      'a function that knows a double',
      'lambda/voice/providers/a.ts',
      "import { b } from '../../../doubles/b.ts';",
    ],
    ['a room that knows the application', 'lambda/queue/a.ts', "import { b } from '../app/dispatch.ts';"],
    ['a carrier that knows the host', 'carrier/a.ts', "import { b } from '../local/start.ts';"],
    ['an entry that does more', 'bin/a.ts', "import { App } from 'aws-cdk-lib';"],
  ];
  test.each(wrong)('%s', (_, file, text) => {
    expect(violations({ file, text })).toHaveLength(1);
  });

  const right: [what: string, file: string, text: string][] = [
    ['names in the infrastructure', 'lib/a.ts', "import { ENV } from '../lambda/platform/names.ts';"],
    ['the app in the host', 'local/a.ts', "import { createApp } from '../lib/app.ts';"],
    ['types in a pure room', 'lambda/call/a.ts', "import type { M } from '../platform/metrics.ts';"],
    ['hashing in a signer', 'lambda/vobiz/signature.ts', "import { createHmac } from 'node:crypto';"],
    ['a comment about the clock', 'lambda/queue/a.ts', '// the caller passes Date.now() as `now`'],
    ['a moment that is given', 'lambda/queue/a.ts', 'const day = new Date(now);'],
  ];
  test.each(right)('nothing wrong with %s', (_, file, text) => {
    expect(violations({ file, text })).toEqual([]);
  });
});

const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
