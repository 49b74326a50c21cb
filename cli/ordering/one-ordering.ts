import { Failure } from '../shell/failure.ts';

/** What names the ordering of a command. */
interface Named {
  readonly ordering?: string;
  readonly exec?: string;
}

/** The argument of a command that takes its ordering as a word of its own too, which is what people type first. */
export const ORDERING_WORD = ['[NAME|FILE]', 'the same as --ordering'] as const;

/** The options with the ordering that the word names; throws `Failure` where an option names one as well. */
export function withOrdering<Options extends Named>(
  command: string,
  word: string | undefined,
  options: Options,
): Options {
  if (word === undefined) return options;
  const other = options.ordering ?? options.exec;
  if (other === undefined) return { ...options, ordering: word };
  throw new Failure(`${command} takes one ordering; "${word}" and "${other}" are two`);
}
