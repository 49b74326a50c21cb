/** One package of a package-lock.json (version 3), as far as it is read here. */
export interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A package-lock.json: packages by their place, such as `node_modules/a/node_modules/b`. */
export interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** The version of a direct dependency. Throws when the lockfile has no such package. */
export function lockedVersion(lockfile: Lockfile, name: string): string {
  const version = lockfile.packages[`node_modules/${name}`]?.version;
  if (version === undefined) throw new Error(`package-lock.json has no package ${name}`);
  return version;
}

/**
 * The places of the packages that `names` need, transitively: all that must stay in a lockfile for
 * these alone. Sorted, so that the same lockfile gives the same list. Throws when one is missing
 * that npm would not leave out.
 */
export function reachablePlaces(lockfile: Lockfile, names: readonly string[]): string[] {
  const reached = new Set<string>();
  const pending = names.map((name): [string, string] => ['', name]);
  // Each place enters once, so this ends after at most all edges of the lockfile.
  for (let edge = pending.pop(); edge; edge = pending.pop()) {
    const place = placeOf(lockfile, ...edge);
    if (place === undefined) throw new Error(`package-lock.json lacks ${edge[1]} for ${edge[0]}`);
    if (reached.has(place)) continue;
    reached.add(place);
    for (const needed of needs(lockfile, place)) pending.push([place, needed]);
  }
  return [...reached].sort();
}

/**
 * Dependencies that the lockfile has no package for, as `place: name`. npm writes such a lockfile
 * when an optional package could not be fetched, and then `npm ci` refuses it on every machine.
 */
export function missingDependencies(lockfile: Lockfile): string[] {
  return Object.entries(lockfile.packages).flatMap(([place, locked]) =>
    Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })
      .filter((name) => placeOf(lockfile, place, name) === undefined)
      .map((name) => `${place}: ${name}`),
  );
}

/** What the package at `place` must find. What is optional counts where the lockfile has it. */
function needs(lockfile: Lockfile, place: string): string[] {
  const locked = lockfile.packages[place]!;
  const peers = Object.keys(locked.peerDependencies ?? {});
  const optionalPeer = (name: string): boolean =>
    locked.peerDependenciesMeta?.[name]?.optional === true;
  const optional = Object.keys(locked.optionalDependencies ?? {}).concat(
    peers.filter(optionalPeer),
  );
  const required = Object.keys(locked.dependencies ?? {})
    .concat(peers)
    .filter((name) => !optional.includes(name));
  return [...required, ...optional.filter((name) => placeOf(lockfile, place, name) !== undefined)];
}

/** Where Node finds package `name` from the package at `from`: the nearest node_modules upwards. */
function placeOf(lockfile: Lockfile, from: string, name: string): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const place = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (Object.hasOwn(lockfile.packages, place)) return place;
    if (base === '') return undefined;
  }
}
