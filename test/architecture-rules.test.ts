import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countLine } from './support/count-reporter.ts';
import * as house from './support/house-rules.ts';
import * as project from './support/project-rules.ts';
import * as sources from './support/source-rules.ts';
import { listByWalking, readTrackedFiles } from './support/tracked-files.ts';

/** The rules of architecture.test.ts on small texts: each must be seen to fail. */

function imports(path: string, text: string): string[] {
  return sources.importFindings(sources.parse(path, text), ['zod', '@google-cloud/pubsub']);
}

test('closures that are kept in fields are found in the folders where many runs are made', () => {
  const text = `class A { constructor(b) { this.#c = (d) => b(d); this.e = function () {}; this.f = b; } }`;
  const found = (path: string): number =>
    sources.keptClosureFindings(sources.parse(path, text)).length;
  expect([found('core/a.ts'), found('peer/a.ts')]).toEqual([2, 0]);
});

describe('imports', () => {
  test('are found in every form', () => {
    const text = `import a from './a.ts'; export * from './b.ts'; import './c.ts';
      type D = import('./d.ts').D; const e = () => import('./e.ts'); require('./f.ts');
      const text = "import './g.ts'"; // import './h.ts'`;
    const found = sources.importsOf(sources.parse('core/x.ts', text));
    expect(found.join(' ')).toBe('./a.ts ./b.ts ./c.ts ./d.ts ./e.ts ./f.ts');
  });

  test.each([
    ['core/orderings/a.ts', '../../control/ports.ts'],
    ['core/a.ts', 'zod'],
    ['core/a.ts', 'node:fs'],
    ['control/a.ts', 'node:crypto'],
    ['control/a.ts', 'pino'],
    ['control/a.ts', '../simulation/a.ts'],
    ['simulation/a.ts', '../gcp/a.ts'],
    ['gcp/a.ts', '../local/a.ts'],
    ['local/a.ts', '../peer/a.ts'],
    ['peer/a.ts', '../functions/a.ts'],
    ['functions/a.ts', '../cli/a.ts'],
    ['cli/a.ts', '../test/support/a.ts'],
    ['peer/a.ts', 'oxlint'],
    ['kitchen/a.ts', './b.ts'],
  ])('%s may not import %s', (path, specifier) => {
    expect(imports(path, `import type {} from '${specifier}';`)).toHaveLength(1);
  });

  test.each([
    ['core/orderings/a.ts', '../message.ts'],
    ['control/a.ts', 'zod'],
    ['control/a.ts', '../core/a.ts'],
    ['simulation/a.ts', '../control/a.ts'],
    ['local/a.ts', '../gcp/a.ts'],
    ['gcp/a.ts', '@google-cloud/pubsub/build/a.js'],
    ['peer/a.ts', 'node:dgram'],
    ['cli/a.ts', '../peer/a.ts'],
    ['test/core/a.test.ts', '../../jest.config.js'],
    ['test/core/a.test.ts', 'fast-check'],
    ['jest.config.js', '@jest/test-sequencer'],
  ])('%s may import %s', (path, specifier) => {
    expect(imports(path, `import { a } from '${specifier}';`)).toEqual([]);
  });
});

describe('circles', () => {
  function circlesOf(texts: Readonly<Record<string, string>>): string[] {
    const parsed = Object.entries(texts).map(([path, text]) => sources.parse(path, text));
    return house.circleFindings(house.importGraph(parsed));
  }

  test('are seen through three files, and where one imports a type only', () => {
    const found = circlesOf({
      'core/a.ts': "import { b } from './rooms/b.ts';",
      'core/rooms/b.ts': "import { c } from '../c.ts';",
      'core/c.ts': "import type { A } from './a.ts';",
      'core/d.ts': "import { a } from './a.ts';",
    });
    expect(found).toEqual(['import each other in a circle: core/a.ts, core/c.ts, core/rooms/b.ts']);
  });

  test('are seen in a file that imports itself, and apart from each other', () => {
    const texts = { 'a.ts': "import './a.ts';", 'b.ts': "import './c.ts';" };
    expect(circlesOf({ ...texts, 'c.ts': "import './b.ts';" })).toHaveLength(2);
  });

  test('are none where arrows only meet again', () => {
    const texts = { 'a.ts': "import './b.ts'; import './c.ts';", 'b.ts': "import './d.ts';" };
    expect(circlesOf({ ...texts, 'c.ts': "import './d.ts';", 'd.ts': '' })).toEqual([]);
  });
});

describe('rooms', () => {
  test('are too large with one file more than allowed', () => {
    const paths = ['core/a.ts', 'core/b.ts', 'core/rooms/c.ts'];
    expect(house.roomFindings(paths, 2)).toEqual([]);
    expect(house.roomFindings(paths, 1)).toEqual(['core/: 2 files side by side; give them rooms']);
  });
});

describe('names', () => {
  const sourcesOf = (files: Readonly<Record<string, string>>) =>
    Object.entries(files).map(([path, text]) => sources.parse(path, text));

  test('are exported by one file each, handing on aside', () => {
    const parsed = sourcesOf({
      'core/a.ts': 'export interface Span { a: 1 }\nexport const create = 1;\nconst inner = 2;',
      'core/b.ts': "export type Span = 2;\nexport { Clock } from './c.ts';\nconst inner = 3;",
      'core/c.ts': 'export class Clock {}\nexport function create(): void {}',
    });
    expect(house.nameTwiceFindings(parsed, new Set(['create']))).toEqual([
      'Span is exported by core/a.ts, core/b.ts',
    ]);
  });
});

describe('determinism', () => {
  test.each([
    ['Date.now()', 'Date.now'],
    ['const f = Math.random;', 'Math.random'],
    ['new Date(0)', 'Date'],
    ['Date()', 'Date'],
    ['setTimeout(f, 1)', 'setTimeout'],
    ['globalThis.x = setInterval', 'setInterval'],
    ['performance.now()', 'performance'],
    ['process.env', 'process'],
  ])('sees %s', (text, name) => {
    const found = sources.determinismFindings(sources.parse('simulation/a.ts', text));
    expect(found).toEqual([`simulation/a.ts:1: uses ${name}; take it as an argument`]);
  });

  test('sees no harm in comments, strings, members of those names, or other folders', () => {
    const text = `// Date.now()
      const a = 'Math.random()'; b.setTimeout(1); class C { process() {} } Math.floor(1);`;
    expect(sources.determinismFindings(sources.parse('core/a.ts', text))).toEqual([]);
    expect(sources.determinismFindings(sources.parse('peer/a.ts', 'Date.now()'))).toEqual([]);
  });
});

test('powers are seen in the folders that have seeds, except those of two', () => {
  const found = (path: string, text: string) => house.powerFindings(sources.parse(path, text));
  for (const power of ['draw() ** 2', 'x **= 2', 'Math.pow', '2.5 ** x']) {
    expect(found('control/a.ts', power)).toEqual([`control/a.ts: ${power} is a power; multiply`]);
  }
  expect(found('core/a.ts', 'const [a, b] = [2 ** 32, x * x]; // 3 ** 2')).toEqual([]);
  expect(found('gcp/a.ts', 'x ** 2')).toEqual([]);
});

describe('sizes', () => {
  const body = '\n'.repeat(5);

  test.each([
    [`function f() {${body}}`, 'a.ts#f'],
    [`const f = () => {${body}};`, 'a.ts#f'],
    [`class C {\n m() {${body}} }`, 'a.ts#m'],
    [`class C { constructor() {${body}} }`, 'a.ts#constructor'],
    [`test('does so', () => {${body}});`, 'a.ts#does so'],
    [`(() => {${body}})();`, 'a.ts#anonymous'],
  ])('%j is 6 lines long', (text, name) => {
    expect(sources.longFunctions(sources.parse('a.ts', text), 5)).toEqual([[name, 6]]);
    expect(sources.longFunctions(sources.parse('a.ts', text), 6)).toEqual([]);
  });

  test('a describe is a chapter, and a docstring no part of its function', () => {
    const text = `describe('x', () => {${body}}); describe.each([1])('y', () => {${body}});
      /**${body}*/ function f() {}`;
    expect(sources.longFunctions(sources.parse('a.ts', text), 5)).toEqual([]);
    const named = `function describeStore() {${body}}`;
    expect(sources.longFunctions(sources.parse('test/a.ts', named), 5)).toEqual([]);
    expect(sources.longFunctions(sources.parse('cli/a.ts', named), 5)).toHaveLength(1);
  });

  test('a file has the lines that an editor numbers', () => {
    expect(sources.linesOf(sources.parse('a.ts', 'a;\n\nb;\n'))).toBe(3);
  });

  test('an exception needs a reason and something to excuse', () => {
    const tooLong = [['a.ts', 301]] as const;
    expect(sources.sizeFindings(tooLong, {})).toEqual([
      'a.ts: 301 lines; split it, or state the reason',
    ]);
    expect(sources.sizeFindings(tooLong, { 'a.ts': ' ' })).toHaveLength(1);
    expect(sources.sizeFindings(tooLong, { 'a.ts': 'one table' })).toEqual([]);
    expect(sources.sizeFindings([], { 'a.ts': 'one table' })).toEqual([
      'a.ts: is listed as an exception and no longer is one',
    ]);
  });
});

test.each([
  'export default 1;',
  'export default function f() {}',
  'export default class {}',
  'const a = 1; export { a as default };',
])('%s is a default export', (text) => {
  expect(sources.defaultExportFindings(sources.parse('a.ts', text))).toHaveLength(1);
  expect(sources.defaultExportFindings(sources.parse('a.ts', 'export const a = 1;'))).toEqual([]);
});

describe('names', () => {
  test.each(['core/fooBar.ts', 'core/Foo.ts', 'core/foo_bar.ts', 'Docs/a.md', 'docs/readme.MD'])(
    '%s is refused',
    (path) => {
      expect(project.nameFindings([path])).toHaveLength(1);
    },
  );

  test('kebab-case, dotted endings and conventional names are taken', () => {
    const paths = ['core/a-b.ts', 'test/core/a-b.test.ts', '.ci/run', 'README.md', 'LICENSE'];
    const others = ['docs/decisions/0001-a.md', '.oxfmtrc.json', 'results/2026/Zone_A.json'];
    expect(project.nameFindings([...paths, ...others])).toEqual([]);
  });
});

describe('what holds on one machine only', () => {
  const absolute = (...parts: string[]): string => ['', ...parts].join('/');

  test.each([
    `read('${absolute('tmp', 'x')}')`,
    `see ${absolute('home', 'me', 'x')}`,
    `"resolved": "${['https', 'somewhere.example'].join('://')}/x.tgz"`,
    `from https://${['registry', 'npmjs', 'org'].join('.')}${absolute('x')}`,
  ])('%s is found', (line) => {
    expect(project.machineFindings('a.md', `first\n${line}\n`)).toHaveLength(1);
  });

  test.each([
    `#!${absolute('usr', 'bin', 'env')} bash`,
    `https://example.com${absolute('home', 'x')}`,
    `./src${absolute('work', 'x')}`,
    'registry.entries.map(x)',
    'POST /run',
  ])('%s is fine', (line) => {
    expect(project.machineFindings('a.md', line)).toEqual([]);
  });
});

test('a changelog announces something', () => {
  expect(project.changelogFindings('# Changelog\n\n## Unreleased\n\n- One.\n')).toEqual([]);
  expect(project.changelogFindings('## Unreleased\n\n## 1.0.0\n\n- One.\n')).toHaveLength(1);
  expect(project.changelogFindings('## 1.0.0\n\n- One.\n')).toHaveLength(1);
  expect(project.changelogFindings('')).toHaveLength(1);
});

test('tsconfig references follow the arrows and leave no folder out', () => {
  const references = (...paths: string[]): string =>
    JSON.stringify({ references: paths.map((path) => ({ path })) });
  expect(project.referenceFindings('control', references('../core'))).toEqual([]);
  expect(project.referenceFindings('core', references('../control'))).toHaveLength(1);
  expect(project.referenceFindings('gcp', references('../core', '../local/'))).toHaveLength(1);
  expect(project.referenceFindings('kitchen', '{}')).toHaveLength(1);
  expect(project.unreferencedFindings(['core', 'cli'], references('core'))).toHaveLength(1);
  expect(project.unreferencedFindings(['core'], references('core'))).toEqual([]);
});

test('without git, the folders tell which files there are', () => {
  const root = mkdtempSync(join(tmpdir(), 'mpcomm-files-'));
  try {
    mkdirSync(join(root, 'core'));
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'core', 'a.ts'), 'a;');
    writeFileSync(join(root, 'core', 'a.bin'), 'a\0');
    writeFileSync(join(root, 'node_modules', 'b.ts'), 'b;');
    expect(listByWalking(root).sort()).toEqual(['core/a.bin', 'core/a.ts']);
    expect([...readTrackedFiles(root)]).toEqual([['core/a.ts', 'a;']]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('the count tells failures to load from passes, and names skips only where there are some', () => {
  const results = { numPassedTests: 7, numFailedTests: 1, numRuntimeErrorTestSuites: 1 };
  expect(countLine({ ...results, numPendingTests: 0, numTodoTests: 0 })).toBe('7 passed, 2 failed');
  expect(countLine({ ...results, numPendingTests: 2, numTodoTests: 1 })).toBe(
    '7 passed, 2 failed, 3 skipped',
  );
});
