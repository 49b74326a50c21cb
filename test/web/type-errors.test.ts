import { beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTypeFiles } from '../../cli/dashboard/read-type-files.ts';
import { findTypeErrors, type TypeFiles } from '../../web/own/find-type-errors.ts';

const ROOT = join(import.meta.dirname, '../..');
const TEMPLATE = readFileSync(join(ROOT, 'examples/my-ordering.ts'), 'utf8');
const BROKEN = readdirSync(join(ROOT, 'examples/broken'))
  .filter((name) => name.endsWith('.ts') && name !== 'lamport-base.ts')
  .map((name): [string, string] => [
    name,
    readFileSync(join(ROOT, 'examples/broken', name), 'utf8'),
  ]);

describe('types in the page', () => {
  let files: TypeFiles;
  beforeAll(async () => {
    files = await readTypeFiles(ROOT);
  });

  test('are right in the template', () => {
    expect(findTypeErrors(TEMPLATE, files)).toEqual([]);
  });

  test.each(BROKEN)('are right in %s, which is broken in another way', (_name, text) => {
    expect(findTypeErrors(text, files)).toEqual([]);
  });

  test('are told with their line where they are wrong', () => {
    const line = TEMPLATE.split('\n').findIndex((text) => text.includes('const SEQUENCER')) + 1;
    const text = TEMPLATE.replace('const SEQUENCER = 0', "const SEQUENCER: number = 'first'");
    expect(findTypeErrors(text, files)).toEqual([
      { line, message: "Type 'string' is not assignable to type 'number'." },
    ]);
    const unknown = "import { best } from '../core/best.ts';\nexport const create = best;";
    expect(findTypeErrors(unknown, files)[0]).toMatchObject({ line: 1 });
    expect(findTypeErrors('enum A { b }\nconsole.log(A.b);', files)).toHaveLength(1);
  });
});
