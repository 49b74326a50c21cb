import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../scripts/bundles/build-functions.ts';
import type { BuiltFile } from '../../scripts/bundles/built-file.ts';
import { missingDependencies, reachablePlaces, type Lockfile } from '../../scripts/lockfile.ts';
import { importsOf, packageName, parse } from '../support/source-rules.ts';
import { PATIENCE_MS } from '../support/patience.ts';

const ROOT = join(import.meta.dirname, '../..');

interface DeployedManifest {
  main: string;
  engines: { node: string };
  dependencies: Record<string, string>;
}

function textOf(files: readonly BuiltFile[], name: string): string {
  return files.find((file) => file.name === name)!.text;
}

function manifestOf(files: readonly BuiltFile[]): DeployedManifest {
  return JSON.parse(textOf(files, 'package.json')) as DeployedManifest;
}

function modulesOf(files: readonly BuiltFile[]): BuiltFile[] {
  return files.filter(({ name }) => name.endsWith('.js'));
}

function packagesOf(files: readonly BuiltFile[]): string[] {
  const specifiers = modulesOf(files).flatMap(({ name, text }) => importsOf(parse(name, text)));
  const names = specifiers
    .filter((specifier) => !isBuiltin(specifier) && !specifier.startsWith('./'))
    .map(packageName);
  return [...new Set(names)].sort();
}

/** Runs `code` in a process of its own, where `folder`'s node_modules is found; gives its output. */
function runIn(folder: string, code: string): string {
  const options = ['--no-warnings', '--input-type=module', '--eval', code];
  return execFileSync(process.execPath, options, {
    cwd: folder,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    env: { PATH: process.env['PATH'] ?? '' },
  });
}

describe("the project's functions", () => {
  let files: readonly BuiltFile[] = [];
  let folder = '';

  beforeAll(async () => {
    files = await buildFunctions(ROOT);
    mkdirSync(join(ROOT, 'build'), { recursive: true });
    folder = mkdtempSync(join(ROOT, 'build', 'functions-'));
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
  });

  afterAll(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  test('come as a bundle, a package.json and a lockfile', () => {
    const names = files.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['index.js', 'package.json', 'package-lock.json']),
    );
    // Nothing but modules besides these, and no folder: what is uploaded is what lies here.
    expect(names.filter((name) => !/^(?:[\w-]+\.js|package(?:-lock)?\.json)$/.test(name))).toEqual(
      [],
    );
    expect(manifestOf(files)).toMatchObject({ main: 'index.js', engines: { node: '24' } });
  });

  test('import exactly the packages that their package.json lists, at the locked versions', () => {
    const { dependencies } = manifestOf(files);
    expect(packagesOf(files)).toEqual(Object.keys(dependencies));
    expect(dependencies).toHaveProperty('@google-cloud/functions-framework');
    const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile;
    for (const [name, version] of Object.entries(dependencies)) {
      expect(locked.packages[`node_modules/${name}`]!.version).toBe(version);
    }
  });

  test('have a lockfile that holds what those packages need, and nothing else', () => {
    const deployed = JSON.parse(textOf(files, 'package-lock.json')) as Lockfile;
    const places = Object.keys(deployed.packages).filter((place) => place !== '');
    const needed = reachablePlaces(deployed, Object.keys(manifestOf(files).dependencies));
    expect(places).toEqual(needed);
    expect(places).not.toContain('node_modules/typescript');
  });

  test('are the same bytes when they are built again', async () => {
    expect(await buildFunctions(ROOT)).toEqual(files);
  });

  test('start without the embedded backend', () => {
    expect(packagesOf(files)).not.toContain('sqlite');
    for (const { name, text } of modulesOf(files)) {
      expect(importsOf(parse(name, text))).not.toContain('node:sqlite');
    }
    const code = `await import('./index.js');
      const { getFunction } = await import('@google-cloud/functions-framework/testing');
      const names = ['run', 'exit', 'expire', 'compare'];
      console.log(names.filter((name) => getFunction(name)).join(' '));
      console.log(process.moduleLoadList.some((name) => name.endsWith(' sqlite')));`;
    expect(runIn(folder, code)).toBe('run exit expire compare\nfalse\n');
  });

  test.each([
    ['nothing', '', []],
    ['the store', 'await backend.store.list("runs")', ['firestore']],
    ['the bus', 'await backend.bus.publish({ command: "exit" })', ['pubsub']],
  ])('load the client that is used: %s', (_, call, expected) => {
    const module = modulesOf(files).find(({ name }) => name.startsWith('open-backend-'))!;
    const code = `import { createRequire } from 'node:module';
      process.env.METADATA_SERVER_DETECTION = 'none';
      const { openBackend } = await import('./${module.name}');
      const backend = await openBackend({ MPCOMM_BACKEND: 'emulators',
        PUBSUB_EMULATOR_HOST: '127.0.0.1:9', FIRESTORE_EMULATOR_HOST: '127.0.0.1:9' });
      const call = (async () => { ${call} })().catch(() => undefined);
      await Promise.race([call, new Promise((resolve) => setTimeout(resolve, 4_000))]);
      const { cache } = createRequire(import.meta.url);
      const loads = (name) => Object.keys(cache).some((path) => path.includes('@google-cloud/' + name + '/'));
      console.log(JSON.stringify(['firestore', 'pubsub'].filter(loads)));
      process.exit();`;
    expect(JSON.parse(runIn(folder, code))).toEqual(expected);
  });
});

describe('a project that offers an embedded database', () => {
  let root = '';

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'mpcomm-build-'));
    mkdirSync(join(root, 'functions'));
    for (const name of ['package.json', 'package-lock.json']) {
      copyFileSync(join(ROOT, name), join(root, name));
    }
  });

  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  function write(name: string, text: string): void {
    writeFileSync(join(root, 'functions', name), text);
  }

  test('is built without it, and says so when it is asked for', async () => {
    write('embedded.ts', `import { DatabaseSync } from 'node:sqlite'; export { DatabaseSync };`);
    write(
      'deployed.ts',
      `export const open = async (): Promise<unknown> => import('./embedded.ts');`,
    );
    const files = await buildFunctions(root);
    expect(manifestOf(files).dependencies).toEqual({});
    for (const { name, text } of modulesOf(files)) writeFileSync(join(root, name), text);
    const code = `const { open } = await import('./index.js');
      await open().catch((error) => console.log(error.message));`;
    expect(runIn(root, code)).toMatch(/embedded backend is not part of what is deployed/);
  });

  test('may import only what is locked', async () => {
    write('deployed.ts', `import 'zod/v4'; import 'no-such-package/part';`);
    await expect(buildFunctions(root)).rejects.toThrow(
      'package-lock.json has no package no-such-package',
    );
  });
});

describe('what must stay in a lockfile', () => {
  const lockfile = (packages: Lockfile['packages']): Lockfile => ({ lockfileVersion: 3, packages });

  test('is found as Node finds it: the nearest copy, and through cycles', () => {
    const packages = {
      'node_modules/a': { dependencies: { b: '1', c: '1' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
      'node_modules/b': {},
      'node_modules/c': { dependencies: { a: '1' } },
      'node_modules/d': {},
    };
    expect(reachablePlaces(lockfile(packages), ['a'])).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/c',
    ]);
  });

  test('may lack what is optional, and nothing else', () => {
    const optional = {
      'node_modules/a': {
        optionalDependencies: { here: '1', gone: '1' },
        dependencies: { gone: '1' },
        peerDependencies: { peer: '1', other: '1' },
        peerDependenciesMeta: { other: { optional: true } },
      },
      'node_modules/here': {},
      'node_modules/peer': {},
    };
    expect(reachablePlaces(lockfile(optional), ['a'])).toHaveLength(3);
    const required = { 'node_modules/a': { dependencies: { gone: '1' } } };
    expect(() => reachablePlaces(lockfile(required), ['a'])).toThrow('lacks gone');
  });

  test('is complete when every dependency has its package, optional ones as well', () => {
    const whole = { '': { dependencies: { a: '1' } }, 'node_modules/a': {} };
    expect(missingDependencies(lockfile(whole))).toEqual([]);
    const partial = { 'node_modules/a': { optionalDependencies: { 'a-linux': '1' } } };
    expect(missingDependencies(lockfile(partial))).toEqual(['node_modules/a: a-linux']);
  });
});
