import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAudit } from '../../scripts/audit-signatures.ts';
import { LICENCE_EXCEPTIONS, licenceFindings, productionPackages } from '../../scripts/licences.ts';

const ROOT = join(import.meta.dirname, '../..');

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
}

describe('install scripts', () => {
  const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
  const { packages } = read('package-lock.json') as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const withScript = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 13));

  test('are each decided upon, and no decision is left over', () => {
    expect(Object.keys(allowScripts).sort()).toEqual([...new Set(withScript)].sort());
  });

  test('run for the package that brings Node itself, and for no other', () => {
    const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name] === true);
    expect(allowed).toEqual(['node']);
  });
});

describe('licences', () => {
  test('of everything that production needs are allowed, or excepted with a reason', () => {
    const packages = productionPackages(ROOT);
    expect(packages.length).toBeGreaterThan(100);
    expect(licenceFindings(packages)).toEqual([]);
    expect(Object.values(LICENCE_EXCEPTIONS).every((reason) => reason.length > 20)).toBe(true);
  });

  test.each<[string | null, boolean]>([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['SEE LICENSE IN FILE', false],
    [null, false],
  ])('%s is allowed: %s', (licence, allowed) => {
    const findings = licenceFindings([{ place: 'node_modules/a', licence }], {});
    expect(findings).toHaveLength(allowed ? 0 : 1);
  });

  test('an exception that is none any more is told', () => {
    const packages = [{ place: 'node_modules/a', licence: 'MIT' }];
    expect(licenceFindings(packages, { a: 'some reason' })).toEqual([
      'a: is listed as an exception and is none',
    ]);
  });
});

test.each<[number | null, string, ReturnType<typeof readAudit>]>([
  [0, 'audited 3 packages in 1s\n\n3 packages have verified registry signatures', 'verified'],
  [1, '1 package has an invalid registry signature:\n\na@1.0.0', 'broken'],
  [1, '2 packages have missing registry signatures', 'broken'],
  [1, 'npm error No dependencies found to audit', 'not-offered'],
  [1, 'npm error network This is a problem related to network connectivity.', 'unreachable'],
  [null, '', 'unreachable'],
  [1, 'npm error something else', 'broken'],
])('npm audit signatures that ends with %p is told as what it is', (status, output, audit) => {
  expect(readAudit(status, output)).toBe(audit);
});
