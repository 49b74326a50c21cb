import type { Command } from 'commander';

/** Options whose value may be empty: a text that says nothing. */
const MAY_BE_EMPTY: readonly string[] = ['note'];

/** Options that take a file to be written. */
const FILES: readonly string[] = ['svg', 'shiviz', 'balances', 'trace', 'save'];

/** Refuses "-" as the name of a file to be written: standard output has the results of the command, and no picture beside them. */
export function refuseDash(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (!FILES.includes(name) || command.getOptionValue(name) !== '-') continue;
    command.error(
      `error: option '${option.flags}' takes a file, and "-" is none; allowed: a name, such as ./- or /dev/stdout`,
      { exitCode: 1, code: 'commander.invalidArgument' },
    );
  }
}

/**
 * Refuses a value that is empty, as a variable of the shell gives that is not set: no name, no file and no folder is
 * called so, and what came of it would be a sentence with a hole in it.
 */
export function refuseEmpty(command: Command): void {
  for (const [index, argument] of command.registeredArguments.entries()) {
    if (hasEmpty(command.processedArgs[index])) refuse(command, `argument '${argument.name()}'`);
  }
  for (const option of command.options) {
    const name = option.attributeName();
    if (MAY_BE_EMPTY.includes(name) || !hasEmpty(command.getOptionValue(name))) continue;
    const isVariable = command.getOptionValueSource(name) === 'env';
    refuse(command, `option '${option.flags}'${isVariable ? ` from '${option.envVar}'` : ''}`);
  }
}

function hasEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.includes('') : value === '';
}

function refuse(command: Command, what: string): never {
  const code = { exitCode: 1, code: 'commander.invalidArgument' };
  command.error(`error: ${what} is empty; leave it out, or say what is meant`, code);
}
