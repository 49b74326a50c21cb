import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { hintOfImport } from '../../custom/import-errors.ts';
import { loadOrdering } from '../../custom/load-ordering.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const LOADER = pathToFileURL(join(import.meta.dirname, '../../custom/load-ordering.ts')).href;

/** What is told of a file with this text when it is loaded by Node, as Jest loads modules in its own way. */
function complaint(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  const program = `
    import { loadOrdering } from ${JSON.stringify(LOADER)};
    const error = await loadOrdering(${JSON.stringify(file)}).catch((reason) => reason);
    console.log(error.message);`;
  const words = ['--input-type=module', '-e', program];
  return spawnSync(process.execPath, words, { encoding: 'utf8' }).stdout;
}

test('a name that a module does not export is told with what it exports, a type with how it is imported', async () => {
  const group = 'interface Member {}\nexport const size = 3;\nexport async function member() {}\n';
  writeFileSync(join(directory, 'group.ts'), group);
  const told = (from: string, name: string) => {
    const said = `The requested module '${from}' does not provide an export named '${name}'`;
    return hintOfImport(new SyntaxError(said), [`${join(directory, 'mine.ts')}:3`]);
  };
  expect(await told('./group.ts', 'Member')).toMatch(/^a type is imported with import type/);
  expect(await told('./group.ts', 'sise')).toMatch(
    /^\.\/group\.ts has no sise, .*; it exports size, member$/,
  );
  expect(await told('node:fs', 'sise')).toMatch(/^node:fs has no sise, [^;]*$/);
});

describe('a file that cannot be loaded is reported with the line, and what helps:', () => {
  test.each([
    [
      'a decorator',
      'const d = (x: unknown) => x;\n@d class A {}',
      /decorator\.ts:2\n@d class A \{\}\n\^\nSyntaxError: .*\nHint: .* instead of a decorator, call/,
    ],
    [
      'a bracket',
      'export const guarantees = ["fifo";',
      /bracket\.ts:1\nexport const guarantees = \["fifo";\n {33}\^\n[^]*SyntaxError/,
    ],
    [
      'a package',
      "const one = 1;\nimport { two } from 'there-is-none/two';",
      /package\.ts:2\nimport \{ two \} .*\n.*Cannot find package[^]*Hint: no package there-is-none is installed/,
    ],
    [
      'a short name',
      "import { Message } from '@/core/message';",
      /name\.ts:1\nimport \{ Message[^]*Hint: Node knows no short names for folders: import by a relative/,
    ],
    [
      'an ending',
      "import { queue } from './queue';",
      /ending\.ts:1\nimport \{ queue[^]*Hint: write the ending of the imported file as well/,
    ],
  ])('%s', (what, text, expected) => {
    const told = complaint(`${what.replaceAll(' ', '-')}.ts`, text);
    expect(told).toMatch(expected);
    expect(told.match(/Hint:/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  // Node advises to call such a file .cjs, which is no ending of an ordering either.
  test('CommonJS, by whichever ending', async () => {
    writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
    const told = complaint('common.js', "const { reliable } = require('./reliable-link.ts');");
    expect(told).toMatch(/common\.js:1[^]*Hint: an ordering is an ES module: write import/);
    writeFileSync(join(directory, 'common.cjs'), 'exports.create = null;');
    const renamed = loadOrdering(join(directory, 'common.cjs'));
    await expect(renamed).rejects.toThrow(/\.mjs file; an ordering is an ES module: write import/);
  });

  test('a script that does not parse, where no types are left out', () => {
    const told = complaint('script.mjs', 'export const create = (;');
    expect(told).toMatch(/script\.mjs:1\nexport const create = \(;\n {23}\^\nSyntaxError/);
  });
});
