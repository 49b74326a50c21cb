import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { requireImportable } from '../../custom/importable.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');
const directory = temporaryDirectory();
const inProject = (path: string): string => pathToFileURL(join(ROOT, path)).href;

describe('a file of an ordering', () => {
  const importing = (address: string) => () => {
    requireImportable(address, 'what it says', 'file:///mine/best.ts');
  };

  test.each([
    inProject('core/message.ts'),
    inProject('core/channels/reliable-link.ts'),
    inProject('examples/broken/lamport-base.ts'),
    inProject('mine/queue.ts'),
    inProject('node_modules/zod/index.js'),
    'file:///mine/core/judge/mine.ts',
    'node:assert',
    'node:fs',
  ])('may import %s', (address) => {
    expect(importing(address)).not.toThrow();
  });

  test.each([
    inProject('core/judge/comparison.ts'),
    inProject('core/records/delivered-sequence.ts'),
    inProject('simulation/run/member.ts'),
    inProject('cli/main.ts'),
    'node:worker_threads',
    'node:inspector/promises',
    'node:module',
  ])('may not import %s', (address) => {
    expect(importing(address)).toThrow(/^what it says is not for orderings: /);
  });
});

/** Loads a file in a process of its own, since Jest refuses the hooks of Node, and says what `then` makes of it. */
function loaded(file: string, then: string): string {
  const module = inProject('custom/load-ordering.ts');
  const program = `
    import { loadOrdering } from ${JSON.stringify(module)};
    const group = (self) => ({ self, size: 2, random: () => 0 });
    const out = (deliver) => ({ multicast() {}, send() {}, deliver });
    try {
      const entry = await loadOrdering(${JSON.stringify(file)}, { members: 2 });
      ${then}
    } catch (error) { console.log(error.name + ': ' + error.message); }`;
  const words = ['--input-type=module', '-e', program];
  return spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 }).stdout;
}

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

/** An ordering that delivers how often it was called in its process, as the number of a message. */
const COUNTING = `
  create: (group, out) => ({ deadline: Infinity, held: 0, receive() {}, advance() {},
    multicast() { out.deliver({ sequence: count() }); } }),
  guarantees: ['fifo'],`;
const CALLED = `
  const told = [];
  const members = [0, 1].map((self) => entry.create(group(self), out(({ sequence }) => told.push(self + ':' + sequence))));
  for (const self of [0, 1, 0]) members[self].multicast();
  console.log(told.join(' '));`;

describe('a file that is loaded by Node', () => {
  test('of CommonJS has variables for each member, and so has one that it requires', () => {
    write('count.cjs', 'let n = 0; module.exports = () => (n += 1);');
    const text = `const count = require('./count.cjs'); let own = 0;
      module.exports = {${COUNTING.replace('count()', 'count() * 10 + (own += 1)')}};
      exports.create = module.exports.create; exports.guarantees = module.exports.guarantees;`;
    expect(loaded(write('common.js', text), CALLED)).toBe('0:11 1:11 0:22\n');
  });

  test('that imports a file of CommonJS has that for each member', () => {
    write('count-too.cjs', 'let n = 0; module.exports = () => (n += 1);');
    const text = `import count from './count-too.cjs';
      const all = {${COUNTING}};
      export const { create, guarantees } = all;`;
    expect(loaded(write('module.mjs', text), CALLED)).toBe('0:1 1:1 0:2\n');
  });

  test('is refused where it imports the thread of its judge, with the line', () => {
    const file = write('reaching.mjs', "\nimport { parentPort } from 'node:worker_threads';");
    expect(loaded(file, '')).toMatch(
      /^OrderingModuleError: .*reaching\.mjs cannot be loaded: .*reaching\.mjs:2\nimport .*\nnode:worker_threads is not for/,
    );
  });

  test('is told where it writes to what it imports', () => {
    const core = inProject('core/message.ts');
    const text = `import { Kind } from ${JSON.stringify(core)}; import fs from 'node:fs';
      const all = {${COUNTING.replace('count()', '(Kind.mine ??= {}, fs.mine = 1)')}};
      export const { create, guarantees } = all;`;
    const then = `const end = entry.watchShared(); ${CALLED} console.log(end());`;
    const told = loaded(write('writing.mjs', text), then);
    expect(told).toMatch(/the ordering changed Kind of core\/message\.ts\.mine and 1 more/);
  });
});
