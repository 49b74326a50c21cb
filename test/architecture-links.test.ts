import { describe, expect, test } from '@jest/globals';
import * as project from './support/project-rules.ts';

/** The rules of architecture.test.ts for pages, on small texts: each must be seen to fail. */

test('commands of pages run by the Node that is installed', () => {
  const good = 'Run `npx node bench/a.ts` or node cli/mpcomm.js, with node 24.';
  expect(project.nodeFindings('docs/a.md', good)).toEqual([]);
  expect(project.nodeFindings('docs/a.md', 'As `node --no-warnings bench/a.ts` says.')).toEqual([
    'docs/a.md: runs node --no-warnings bench/a.ts; write npx node, which npm ci installs',
  ]);
});

describe('links', () => {
  const exists = (path: string): boolean => ['docs/a.md', 'README.md', 'core/a.ts'].includes(path);

  test('lead somewhere', () => {
    const good = '[a](a.md#part) [r](../README.md "title") [w](https://example.com) [h](#here)';
    expect(project.linkFindings('docs/b.md', good, exists)).toEqual([]);
    expect(project.linkFindings('docs/b.md', '```\n[x](gone.md)\n```\n', exists)).toEqual([]);
    expect(project.linkFindings('docs/b.md', '[x](README.md)', exists)).toHaveLength(1);
    expect(project.linkFindings('README.md', '![x](docs/gone.svg)', exists)).toHaveLength(1);
  });

  test('lead to headings that are there', () => {
    const page = '# One: the `first`, of two\n```\n# no heading\n```\n[up](#one-the-first-of-two)';
    const read = (path: string): string | undefined => (path === 'docs/a.md' ? page : undefined);
    expect(project.headingFindings('docs/a.md', page, read)).toEqual([]);
    const others = '[a](docs/a.md#one-the-first-of-two) [w](https://example.com/a.md#gone)';
    expect(project.headingFindings('README.md', others, read)).toEqual([]);
    expect(project.headingFindings('README.md', '[a](docs/a.md#no-heading)', read)).toEqual([
      'README.md: links to docs/a.md#no-heading, and there is no such heading',
    ]);
  });

  test('lead to decisions without a hole', () => {
    const first = ['docs/decisions/0002-b.md', 'docs/decisions/0001-a.md', 'docs/a.md'];
    expect(project.decisionFindings(first)).toEqual([]);
    expect(project.decisionFindings([...first, 'docs/decisions/0002-c.md'])).toHaveLength(1);
    expect(project.decisionFindings([...first, 'docs/decisions/0004-d.md'])).toHaveLength(1);
  });

  test('so do mentions in passing', () => {
    expect(project.mentionFindings('b.ts', '// See core/a.ts, docs/a.md.', exists)).toEqual([]);
    expect(project.mentionFindings('b.ts', "import '../core/b.ts'", exists)).toEqual([]);
    const gone = 'see docs/b.md and core/orderings/*.ts and again docs/b.md';
    expect(project.mentionFindings('b.ts', gone, exists)).toEqual([
      'b.ts: names docs/b.md, which does not exist',
    ]);
  });
});
