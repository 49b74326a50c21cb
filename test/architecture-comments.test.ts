import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import * as comments from './support/comment-rules.ts';
import { parse } from './support/source-rules.ts';
import { readTrackedFiles } from './support/tracked-files.ts';

/** What comments and pages must not do. Each rule is first seen to fail on a small text. */

/** Names in backticks that are nowhere in the sources, and why they may be named all the same. */
const FOREIGN: ReadonlySet<string> = new Set([
  // These are names of the DOM, of HTTP, of quinn, and of Google's organization policies.
  ...['nodeName', 'Location', 'Pair', 'resourceLocations', 'disableSerialPortLogging'],
  // Files, fields and peers that only examples have.
  ...['best.ts', 'senderId', 'Sender_ID', 'log5001'],
  // cli/site/cloud-options.ts puts these together from their parts.
  ...['MPCOMM_REGION', 'MPCOMM_RUN_URL', 'MPCOMM_EXIT_URL', 'MPCOMM_IMPERSONATE'],
]);

const FILES = readTrackedFiles(join(import.meta.dirname, '..'));
const SOURCES = [...FILES]
  .filter(([path]) => /\.(?:tsx?|js)$/.test(path))
  .map(([path, text]) => parse(path, text));
const PROSE = [
  ...SOURCES.flatMap(comments.commentsOf),
  ...[...FILES].flatMap(([path, text]) => {
    if (/^CHANGELOG|^results\//.test(path)) return [];
    if (path.endsWith('.md')) return comments.paragraphsOf(path, text);
    return /\.(?:sh|ya?ml)$|^\.ci\//.test(path) ? comments.hashCommentsOf(path, text) : [];
  }),
];

describe('comments', () => {
  const textsOf = (text: string): string[] =>
    comments.commentsOf(parse('a.ts', text)).map((comment) => comment.text);

  test('are read on one line each, wherever they stand', () => {
    const text = `/**\n * One,\n *  two.\n */\nconst a = 1; // Three,\n// four.\n\n// Five.
      function f(/* six */) {\n  // Seven.\n}`;
    expect(textsOf(text)).toEqual(['One, two.', 'Three, four.', 'Five.', 'six', 'Seven.']);
  });

  test('are not what only looks like one', () => {
    expect(textsOf("const a = '// no', b = `/* ${'//'} no */`, c = /[/]/; // yes")).toEqual([
      'yes',
    ]);
  });

  test('of pages and scripts are read by paragraphs, with their lines', () => {
    const page = '# Title\n\nOne\ntwo.\n- three\n  four\n\n```\nno code\n```\n| five | six |\n';
    expect(comments.paragraphsOf('a.md', page).map(({ line, text }) => [line, text])).toEqual([
      [1, '# Title'],
      [3, 'One two.'],
      [5, 'three four'],
      [11, 'five | six |'],
    ]);
    const script = '#!/bin/sh\n# One,\n# two.\necho # no\n';
    expect(comments.hashCommentsOf('a.sh', script)).toEqual([
      { path: 'a.sh', line: 2, text: 'One, two.' },
    ]);
  });
});

describe('a quantity', () => {
  const findings = (text: string): string[] =>
    comments.measureFindings({ path: 'a.ts', line: 1, text });

  test.each([
    'Gives up after so many.',
    'Asks again so often. That is enough.',
    'What came in order is acknowledged so late, for more to come.',
    'A member that was silent for so long may be suspected.',
    'A silent one gets a heartbeat, and is looked for as often.',
    'No question takes that long.',
    'After so long the pages are told that it is slow.',
    'Each message carries so much, so that it can be told.',
  ])('%j refers to nothing', (text) => {
    expect(findings(text)).toHaveLength(1);
  });

  test.each([
    'Acknowledge in-order messages after at most this long, so that one can cover several.',
    'It was silent for so long that its timeout passed.',
    'It was so long a wait that nobody noticed. There were so many of them that none was told.',
    'It stays as long as the run goes on, and sends as many messages as fit.',
    'A quarter as often; twice as long.',
    'So far nothing was sent, so the first one may leave.',
  ])('%j says what it means', (text) => {
    expect(findings(text)).toEqual([]);
  });

  test('is stated in every comment and on every page', () => {
    expect(PROSE.flatMap(comments.measureFindings)).toEqual([]);
  });
});

describe('the beginning of a comment', () => {
  const findings = (text: string): string[] =>
    comments.subjectFindings({ path: 'a.ts', line: 1, text });

  test.each([
    'Longer than anything that is read takes.',
    'Wide enough that no line is cut.',
    'So far apart that no message speaks for two.',
    'So often a page hears that all is well.',
    'Of a sample: divided by n - 1.',
    'As in Group.',
  ])('%j lacks a subject', (text) => {
    expect(findings(text)).toHaveLength(1);
  });

  test.each([
    'More than this is too coarse to be looked at.',
    'So an ordering sees what it would see without packs.',
    'So far nothing was sent.',
    'Of several places, the first one counts.',
    'As long as nobody has sent everything, nobody is done.',
    'Enough is known when all have answered.',
  ])('%j says what it is about', (text) => {
    expect(findings(text)).toEqual([]);
  });

  test('says what the comment is about, in every source', () => {
    expect(SOURCES.flatMap(comments.commentsOf).flatMap(comments.subjectFindings)).toEqual([]);
  });
});

describe('a name', () => {
  const words = new Set(
    comments.wordsOf(parse('a.ts', "const sendAll = go; // isGone\n f('Kept');")),
  );
  const paths = new Set(['core/views/view.ts']);
  const findings = (text: string): string[] =>
    comments
      .staleNameFindings({ path: 'core/a.ts', line: 1, text }, words, paths, new Set(['isForeign']))
      .map((finding) => finding.replace(/^core\/a\.ts:1: names |, which .*$/g, ''));

  test.each([
    ['`isGone` stands in a comment only', ['isGone']],
    ['`go.away`, `#gone()` and `MAX_GONE`', ['away', 'gone', 'MAX_GONE']],
    ['the `Gone` of views.ts, `views/gone.ts`', ['Gone', 'views.ts', 'views/gone.ts']],
  ])('of what is gone is found: %s', (text, gone) => {
    expect(findings(text)).toEqual(gone);
  });

  test.each([
    '`sendAll(a, b)`, `go.sendAll`, `Kept` and `isForeign`',
    'view.ts, `views/view.ts` and core/views/view.ts; any `*.ts`',
    '`true`, `word`, `npm run all`, `a + b`, `"isGone"`, isGone',
  ])('may be: %s', (text) => {
    expect(findings(text)).toEqual([]);
  });

  test('in backticks is somewhere in the sources', () => {
    const known = new Set(SOURCES.flatMap(comments.wordsOf));
    for (const [path, text] of FILES) {
      if (/\.(?:json|ya?ml|sh|html|css)$/.test(path))
        comments.wordsIn(text).forEach((word) => known.add(word));
    }
    const files = new Set(FILES.keys());
    const ours = PROSE.filter(({ path }) => !path.startsWith('test/architecture'));
    expect(
      ours.flatMap((prose) => comments.staleNameFindings(prose, known, files, FOREIGN)),
    ).toEqual([]);
  });
});
