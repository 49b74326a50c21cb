import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { checkSeeds } from '../../simulation/check/check-seeds.ts';
import { findOrdering, loadOrdering } from '../../custom/load-ordering.ts';
import { readOrderingModule } from '../../custom/ordering-module.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What students get wrong, made from the template by one change each, and what they are told. */
const ROOT = join(import.meta.dirname, '../..');
const TEMPLATE = readFileSync(join(ROOT, 'examples/my-ordering.ts'), 'utf8').replaceAll(
  "'../core/",
  `'${pathToFileURL(join(ROOT, 'core')).href}/`,
);
const directory = temporaryDirectory();

function write(name: string, change: (text: string) => string): string {
  const file = join(directory, name);
  const text = change(TEMPLATE);
  expect(text).not.toBe(TEMPLATE);
  writeFileSync(file, text);
  return file;
}

const at = (text: string, by: string) => (template: string) => template.replace(text, by);
const after = (text: string) => (template: string) => `${template}\n${text}\n`;

describe('a file that is no ordering is refused with the reason:', () => {
  test.each([
    ['slip.ts', after("export const survive = 'minority';"), /survive: .*; is survives meant\?/],
    ['default.ts', after('export default create;'), /default: means nothing here/],
    ['other.ts', after('export const weather = 1;'), /weather: means nothing here; leave out/],
    [
      'class.ts',
      (text: string) =>
        `${text.replace('export const create', 'const made')}\nexport class create {}\n`,
      /create: is a class; needed: a function .*new Mine\(group, out\)/,
    ],
    ['missing.ts', at('export const create', 'const create'), /create: is not exported/],
  ])('%s', async (name, change, message) => {
    await expect(loadOrdering(write(name, change))).rejects.toThrow(message);
  });

  test('one that is not there, with the one that is, and a folder', async () => {
    const file = write('there.ts', after('// The same.'));
    await expect(loadOrdering(file.replace('.ts', ''))).rejects.toThrow(
      /there with an ordering; is .*there\.ts meant\?$/,
    );
    await expect(loadOrdering('no/such')).rejects.toThrow(
      /^there is no file no\/such with an ordering$/,
    );
    await expect(loadOrdering(directory)).rejects.toThrow(
      / is a folder; an ordering is in one file$/,
    );
  });

  test('one that changes what its judge uses, which is as before then', async () => {
    const file = write('cheat.ts', after('Reflect.set(Array.prototype, "filter", () => []);'));
    const said =
      /cheat\.ts changes Array\.prototype\.filter as it is loaded, which whoever judges it uses/;
    await expect(loadOrdering(file, { members: 3 })).rejects.toThrow(said);
    expect([1, 2].filter((each) => each > 1)).toEqual([2]);
  });

  // In a process of its own: jest makes an error of whatever a module throws.
  test('one that throws nothing at all while it is loaded', () => {
    const file = join(directory, 'throws.js');
    writeFileSync(file, 'throw null;');
    const module = pathToFileURL(join(ROOT, 'custom/load-ordering.ts')).href;
    const program = `
      import { loadOrdering } from ${JSON.stringify(module)};
      const error = await loadOrdering(${JSON.stringify(file)}).catch((reason) => reason);
      console.log(error.name + ': ' + error.message);`;
    const words = ['--input-type=module', '-e', program];
    const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect(stdout).toMatch(
      /^OrderingModuleError: .*throws\.js cannot be loaded: null, which is no Error$/m,
    );
  });

  test.each([
    ['nothing.mjs', 'export {};'],
    ['empty.ts', ''],
  ])('one that exports nothing: %s', async (name, text) => {
    const file = join(directory, name);
    writeFileSync(file, text);
    await expect(loadOrdering(file)).rejects.toThrow(
      /exports nothing: it is CommonJS, or empty; write "export const create/,
    );
  });

  test('what Node makes up for a file of CommonJS is named nowhere', () => {
    const common = { default: {}, 'module.exports': {}, __esModule: true };
    expect(() => readOrderingModule(common, 'c.js')).toThrow(
      /c\.js exports nothing: it is CommonJS/,
    );
    const some = { ...common, guarantees: ['fifo'] };
    expect(() => readOrderingModule(some, 'c.js')).toThrow(
      /^c\.js is no ordering:\n {2}create: is not exported; needed: .*\nIt may/,
    );
  });

  test('a program of another language is told the option for it', async () => {
    const file = join(directory, 'mine.py');
    writeFileSync(file, 'print(1)');
    await expect(findOrdering(file)).rejects.toThrow(/--exec "python3 .*mine\.py"/);
    await expect(findOrdering('mine.py')).rejects.toThrow(/--exec "python3 mine\.py"/);
  });
});

test('what an ordering threw has one line for its place, where there is room for no more', async () => {
  const { explain } = await loadOrdering(write('one.ts', after('// The same.')));
  const file = join(directory, 'one.ts');
  const error = new RangeError('a varint carries an unsigned 32-bit integer');
  error.stack = [
    `RangeError: ${error.message}`,
    `    at varint (${ROOT}/core/base/writer.ts:9:5)`,
    `    at MyOrdering.multicast (${pathToFileURL(file).href}:36:7)`,
    `    at receive (${pathToFileURL(file).href}:40:7)`,
    `    at load (${ROOT}/custom/load-ordering.ts:9:5)`,
  ].join('\n');
  expect(explain!(error, true)).toMatch(
    /^RangeError: a varint .* integer, at MyOrdering\.multicast \(one\.ts:36:7\)\. Hint: .*$/,
  );
  const typed = new TypeError('the vector of a message is an array of numbers, and no Uint32Array');
  expect(explain!(typed)).toMatch(/Hint: a vector is a plain array, .* \[\.\.\.counts\]/);
  expect(explain!(error)).toMatch(/one\.ts:36:7.*\n.*one\.ts:40:7.*\n.*writer\.ts:9:5.*\nHint: /);
});

describe('an ordering that throws is reported with where, and what helps:', () => {
  const order = 'this.#out.multicast(message);';
  test.each([
    [
      'vector.ts',
      at(order, '(message.vector as number[]).push(1);'),
      /vector\.ts:\d+[^]*Hint: .*copy a vector/,
    ],
    [
      'spread.ts',
      at(order, 'this.#out.multicast({ ...message } as any);'),
      /spread\.ts:\d+[^]*Hint: only new Message/,
    ],
    [
      'half.ts',
      at('sequence, payload));', 'sequence + 0.5, payload));'),
      /half\.ts:\d+[^]*Hint: .* are whole/,
    ],
    [
      'deep.ts',
      at(order, 'this.#out.multicast(message.withTimestamp(0.5));'),
      /deep\.ts:\d+[^]*Hint: .* are whole/,
    ],
    [
      'slipped.ts',
      at('  receive(_now', '  recieve(_now'),
      /the method receive is missing \(there is recieve\)/,
    ],
  ])('%s', async (name, change, message) => {
    // As Node has it, and Jest does not: what lies between a line and its error is to be seen all the same.
    Error.stackTraceLimit = 10;
    const entry = await loadOrdering(write(name, change));
    const { failing } = checkSeeds(entry, 0, 20, { peersMax: 4, faults: [] });
    expect(failing?.findings[0]).toMatchObject({
      name: 'failed',
      text: expect.stringMatching(message),
    });
  });
});
