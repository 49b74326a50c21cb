import type { Register } from '../shell/register.ts';
import { orderingsCommand } from './orderings-command.ts';

/** Registers `mpcomm orderings`. */
export const addOrderingsCommand: Register = (add, context, finish) => {
  add('orderings', 'list the orderings and what each one guarantees', '  mpcomm orderings')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) => finish(orderingsCommand(context, options)));
};
