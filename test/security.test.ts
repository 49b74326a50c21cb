import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

/** Every file of tests that the page names, with the test in it that it names. */
const NAMED = [...PAGE.matchAll(/`((?:infra\/)?test\/[\w/.-]+\.test\.ts)`:\s+"([^"]+)"/g)].map(
  ([, file, name]) => [file!, name!.replace(/\s+/g, ' ')] as const,
);

describe('docs/security.md', () => {
  test('names a test for most threats', () => {
    expect(NAMED.length).toBeGreaterThan(15);
  });

  test('names tests of the infrastructure, which runs them in a package of its own', () => {
    expect(NAMED.filter(([file]) => file.startsWith('infra/')).length).toBeGreaterThan(8);
  });

  test('names no test file in another form, which nobody would check', () => {
    const mentioned = PAGE.match(/test\/[\w/.-]+\.test\.ts/g) ?? [];
    const own = mentioned.filter((file) => file !== 'test/security.test.ts');
    expect(own).toHaveLength(NAMED.length);
  });

  test.each(NAMED)('%s has the test "%s"', (file, name) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    // The name may be broken over lines in neither; quotes in it are the source's own.
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(name);
  });
});
