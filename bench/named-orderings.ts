import { ORDERINGS } from '../core/orderings/registry.ts';

/** The orderings that a command line names, all where it names none; `null`, and status 2, where one is unknown. */
export function namedOrderings(positionals: readonly string[]): readonly string[] | null {
  const unknown = positionals.find((name) => !ORDERINGS.has(name));
  if (unknown !== undefined) {
    console.error(`there is no ordering ${unknown}; allowed: ${[...ORDERINGS.keys()].join(', ')}`);
    process.exitCode = 2;
    return null;
  }
  return positionals.length > 0 ? positionals : [...ORDERINGS.keys()];
}
