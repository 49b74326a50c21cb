import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GUARANTEE_NAMES } from '../core/guarantees.ts';
import { ORDERING_NAMES } from '../core/orderings/registry.ts';
import { missingDependencies, type Lockfile } from '../scripts/lockfile.ts';
import * as house from './support/house-rules.ts';
import * as registry from './support/registry-rules.ts';
import * as project from './support/project-rules.ts';
import * as sources from './support/source-rules.ts';
import { readTrackedFiles } from './support/tracked-files.ts';

/**
 * Files over 300 lines (`path`) and functions over 70 (`path#name`) that stay so, each with the
 * reason. An entry that is no longer needed fails as well, so that the table only ever shrinks.
 */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

/** Where an ordering is named on purpose, outside core/orderings/ and the tests. */
const NAMES_ORDERINGS: Readonly<Record<string, string>> = {
  'cli/demo/demo-command.ts': 'the demonstration shows disorder, and one cure for it',
  'web/board/puzzles.ts': 'each puzzle is about one ordering',
  'scripts/drawings/bank-pictures.ts':
    'two pictures of docs/bank.md: without an order and with one',
  'scripts/drawings/draw-page.ts': 'pictures of two runs: without an order and with one',
  'scripts/drawings/draw-diagrams.ts': 'a picture of the README: without an order',
  'scripts/tables/ordering-promises.ts': 'fifo is a guarantee here as well',
  'scripts/reliability/trials/hostile-datagrams.ts': 'a flood is not the ordering under test',
  'scripts/reliability/trial-laboratory.ts':
    'trials of faults that are not the ordering under test',
};

/** The files of core/orderings/ all export these: the contract of an ordering. */
const EVERY_ORDERING_HAS: ReadonlySet<string> = new Set(['create', 'theory', 'entry']);

/** Tools that load a file of ours by its path ask it for a default export. */
const LOADED_BY_PATH =
  /^[^/]+\.config\.js$|^test\/support\/(?:strip-types\.js|plain-environment\.js|longest-first\.js|count-reporter\.ts)$/;

const ROOT = join(import.meta.dirname, '..');
const FILES = readTrackedFiles(ROOT);
const PATHS = [...FILES.keys()];
const FOLDERS = Object.keys(sources.MAY_IMPORT);

const ALL_SOURCES = PATHS.filter((path) => /\.(?:tsx?|js)$/.test(path)).map((path) =>
  sources.parse(path, FILES.get(path)!),
);

/** infra/ is a package of its own: no arrow leads there, and its packages are not this one's. */
const SOURCES = ALL_SOURCES.filter(({ fileName }) => !fileName.startsWith('infra/'));

function exists(path: string): boolean {
  return existsSync(join(ROOT, path));
}

describe('the house', () => {
  test('has sources to look at', () => {
    expect(SOURCES.length).toBeGreaterThan(20);
    expect(PATHS).toContain('core/ordering.ts');
  });

  test('imports only along the arrows, and only packages that its folder may use', () => {
    const manifest = JSON.parse(FILES.get('package.json')!) as { dependencies: object };
    const dependencies = Object.keys(manifest.dependencies);
    expect(SOURCES.flatMap((source) => sources.importFindings(source, dependencies))).toEqual([]);
  });

  test('has no two files that import each other in a circle, types included', () => {
    const graph = house.importGraph(ALL_SOURCES);
    expect(graph.size).toBeGreaterThan(20);
    expect(house.circleFindings(graph)).toEqual([]);
  });

  test('has rooms that are looked over at a glance', () => {
    const untested = SOURCES.map(({ fileName }) => fileName).filter(
      (path) => !path.startsWith('test/'),
    );
    expect(house.roomFindings(untested, house.ROOM_FILES_MAX)).toEqual([]);
  });

  test('lets the compiler know the same arrows', () => {
    const folders = FOLDERS.filter((folder) => FILES.has(`${folder}/tsconfig.json`));
    const against = folders.flatMap((folder) =>
      project.referenceFindings(folder, FILES.get(`${folder}/tsconfig.json`)!),
    );
    const left = project.unreferencedFindings(FOLDERS, FILES.get('tsconfig.json')!);
    expect([...against, ...left]).toEqual([]);
  });

  test('can be installed from its lockfile alone, on any platform', () => {
    for (const path of ['package-lock.json', 'infra/package-lock.json']) {
      const lockfile = JSON.parse(FILES.get(path)!) as Lockfile;
      expect([path, missingDependencies(lockfile)]).toEqual([path, []]);
    }
  });

  test('takes time, randomness and the environment as arguments in core/ and simulation/', () => {
    expect(SOURCES.flatMap(sources.determinismFindings)).toEqual([]);
  });

  test('leaves no rounding to the C library of a machine where a seed stands for something', () => {
    expect(SOURCES.flatMap(house.powerFindings)).toEqual([]);
  });

  test('keeps no closure in a field in core/, network/ and simulation/', () => {
    expect(SOURCES.flatMap(sources.keptClosureFindings)).toEqual([]);
  });
});

test('orderings are listed by the registry alone', () => {
  const others = SOURCES.filter(({ fileName }) => !/^(?:test|core\/orderings)\//.test(fileName));
  const found = others.flatMap((source) =>
    registry.orderingNameFindings(source, ORDERING_NAMES, GUARANTEE_NAMES),
  );
  expect(registry.withoutExceptions(found, NAMES_ORDERINGS)).toEqual([]);
});

describe('the sources', () => {
  test('keep files and functions short, or say why not', () => {
    const files = ALL_SOURCES.map((source): [string, number] => [
      source.fileName,
      sources.linesOf(source),
    ]).filter(([, lines]) => lines > sources.FILE_LINES_MAX);
    const functions = ALL_SOURCES.flatMap((source) =>
      sources.longFunctions(source, sources.FUNCTION_LINES_MAX),
    );
    expect(sources.sizeFindings([...files, ...functions], EXCEPTIONS)).toEqual([]);
  });

  test('export no name twice', () => {
    const products = SOURCES.filter(({ fileName }) => !/^(?:test|examples)\//.test(fileName));
    expect(house.nameTwiceFindings(products, EVERY_ORDERING_HAS)).toEqual([]);
  });

  test('export by name', () => {
    const ours = ALL_SOURCES.filter(({ fileName }) => !LOADED_BY_PATH.test(fileName));
    expect(ours.flatMap(sources.defaultExportFindings)).toEqual([]);
  });
});

describe('every tracked file', () => {
  test('is there, where the order of the tests names it', () => {
    const text = FILES.get('test/support/longest-first.js')!;
    const named = [...text.matchAll(/'(test\/[^']+\.test\.ts)'/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !FILES.has(path))).toEqual([]);
  });

  test('is named in kebab-case', () => {
    expect(project.nameFindings(PATHS)).toEqual([]);
  });

  test('holds on any machine', () => {
    const found = [...FILES].flatMap(([path, text]) => project.machineFindings(path, text));
    expect(found).toEqual([]);
  });

  test('that holds a decision follows the one before', () => {
    expect(project.decisionFindings(PATHS)).toEqual([]);
  });

  test('names only files that exist', () => {
    const texts = [...FILES].filter(([path]) => /\.(?:tsx?|js|md|ya?ml)$/.test(path));
    const ours = texts.filter(([path]) => !/^CHANGELOG|^results\/|^test\/architecture/.test(path));
    const links = texts.filter(([path]) => path.endsWith('.md'));
    expect([
      ...links.flatMap(([path, text]) => project.linkFindings(path, text, exists)),
      ...links.flatMap(([path, text]) =>
        project.headingFindings(path, text, (other) => FILES.get(other)),
      ),
      ...ours.flatMap(([path, text]) => project.mentionFindings(path, text, exists)),
    ]).toEqual([]);
  });

  test('shows commands that run by any Node that is allowed', () => {
    const pages = [...FILES].filter(([path]) => /^(?!CHANGELOG).*\.md$/.test(path));
    expect(pages.flatMap(([path, text]) => project.nodeFindings(path, text))).toEqual([]);
  });

  test('has its change told in the CHANGELOG', () => {
    expect(project.changelogFindings(FILES.get('CHANGELOG.md') ?? '')).toEqual([]);
  });
});
