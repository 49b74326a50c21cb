import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { reachablePlaces, type Lockfile } from './lockfile.ts';

/** Licences that let everybody use, change and pass on this project with what it needs. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** Packages that do not name one of these, each with the reason why it may be used all the same. */
export const LICENCE_EXCEPTIONS: Readonly<Record<string, string>> = {
  'spdx-exceptions':
    'CC-BY-3.0: a list of names, which the Functions Framework brings to read a package.json; it is ' +
    'used as it is, and names its authors itself',
};

/** A package that is installed for production, and the licence that it names. */
export interface LicensedPackage {
  /** Such as `node_modules/a/node_modules/b`. */
  readonly place: string;
  /** An SPDX expression; `null` when the package names none. */
  readonly licence: string | null;
}

/**
 * Sentences about packages whose licence is not allowed, and about exceptions that are no longer
 * needed, so that the table only ever shrinks.
 */
export function licenceFindings(
  packages: readonly LicensedPackage[],
  exceptions: Readonly<Record<string, string>> = LICENCE_EXCEPTIONS,
): string[] {
  const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 13);
  const refused = packages.filter(({ licence }) => licence === null || !isAllowed(licence));
  const names = new Set(refused.map(({ place }) => nameOf(place)));
  return [
    ...refused
      .filter(({ place }) => !exceptions[nameOf(place)]?.trim())
      .map(({ place, licence }) => `${place}: ${licence ?? 'names no licence'}`),
    ...Object.keys(exceptions)
      .filter((name) => !names.has(name))
      .map((name) => `${name}: is listed as an exception and is none`),
  ];
}

/** `A OR B` is allowed when one of them is, `A AND B` when both are. */
function isAllowed(expression: string): boolean {
  const inner = expression.trim().replace(/^\((.*)\)$/, '$1');
  if (inner.includes(' OR ')) return inner.split(' OR ').some(isAllowed);
  if (inner.includes(' AND ')) return inner.split(' AND ').every(isAllowed);
  return ALLOWED.has(inner);
}

/** What an installation without development dependencies brings, with the licence each one names. */
export function productionPackages(root: string): LicensedPackage[] {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const manifest = read('package.json') as {
    dependencies: Record<string, string>;
    optionalDependencies: Record<string, string>;
  };
  const lockfile = read('package-lock.json') as Lockfile;
  const names = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  return reachablePlaces(lockfile, names).flatMap((place) => {
    // A package of another platform is not there, and cannot be asked.
    if (!existsSync(join(root, place, 'package.json'))) return [];
    const { license } = read(`${place}/package.json`) as { license?: string | { type?: string } };
    const named = typeof license === 'object' ? license.type : license;
    return [{ place, licence: named ?? null }];
  });
}

if (import.meta.main) {
  const packages = productionPackages(resolve(import.meta.dirname, '..'));
  const findings = licenceFindings(packages);
  for (const finding of findings) console.error(finding);
  const counts = new Map<string, number>();
  for (const { licence } of packages)
    counts.set(licence ?? 'none', (counts.get(licence ?? 'none') ?? 0) + 1);
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  console.log(
    `${packages.length} packages: ${sorted.map(([name, count]) => `${name} ${count}`).join(', ')}`,
  );
  if (findings.length > 0) process.exitCode = 1;
}
