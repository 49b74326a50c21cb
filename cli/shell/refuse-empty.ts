import type { Command } from 'commander';

/** Options whose value may be empty: a text that says nothing. */
const MAY_BE_EMPTY: readonly string[] = ['note'];

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
