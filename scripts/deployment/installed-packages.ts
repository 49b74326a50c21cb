import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  readonly version?: string;
  readonly optional?: boolean;
}
type Packages = Readonly<Record<string, Locked>>;

/**
 * Whether the packages of the folder `directory` are those of its lockfile. After a pull they may be those of an older
 * one, which npm has noted beside them.
 */
export function isInstalled(directory: string): boolean {
  const locked = packagesIn(join(directory, 'package-lock.json'));
  const installed = packagesIn(join(directory, 'node_modules/.package-lock.json'));
  return locked !== null && installed !== null && areSame(locked, installed);
}

/** An optional package may be absent, since it may be for another platform. */
export function areSame(locked: Packages, installed: Packages): boolean {
  const isThere = ([path, { version, optional = false }]: [string, Locked]): boolean => {
    const found = installed[path];
    return path === '' || (found === undefined ? optional : found.version === version);
  };
  const isWanted = (path: string): boolean => locked[path] !== undefined;
  return Object.entries(locked).every(isThere) && Object.keys(installed).every(isWanted);
}

function packagesIn(path: string): Packages | null {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { packages: Packages }).packages;
  } catch {
    return null;
  }
}
