import { type Command, InvalidArgumentError, Option } from 'commander';
import { GUARANTEE_NAMES, type GuaranteeName } from '../../core/guarantees.ts';
import { Failure } from '../shell/failure.ts';
import type { OrderingSource } from './ordering-source.ts';

/** What `withExec` adds to a command's options. */
export interface ExecCommandOptions {
  readonly exec?: string;
  readonly execChannels?: 'reliable' | 'raw';
  readonly guarantees?: readonly GuaranteeName[];
}

/** Lets a command take a program in place of --ordering. */
export function withExec(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--exec <COMMAND>',
        'a program in any language as the ordering, one process a peer (docs/exec-protocol.md)',
      ).conflicts('ordering'),
    )
    .addOption(
      new Option(
        '--exec-channels <KIND>',
        'what is between the program and the network (default: as it says, else "reliable")',
      ).choices(['reliable', 'raw']),
    )
    .option(
      '--guarantees <a,b,...>',
      'to judge the program by (default: those that it declares)',
      parseGuarantees,
    );
}

/** Guarantees with commas between them. */
export function parseGuarantees(text: string): GuaranteeName[] {
  const names = text.split(',').map((name) => name.trim());
  const known: readonly string[] = GUARANTEE_NAMES;
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return names as GuaranteeName[];
  throw new InvalidArgumentError(`"${wrong}" is none. Allowed: ${known.join(', ')}.`);
}

/** The program that the options name, or `null`; throws `Failure` for options that need one. */
export function execSourceOf(options: ExecCommandOptions): OrderingSource | null {
  const { exec, execChannels, guarantees } = options;
  if (exec === undefined) {
    if (execChannels === undefined && guarantees === undefined) return null;
    throw new Failure('--exec-channels and --guarantees are for a program; they need --exec');
  }
  if (exec.trim() === '') throw new Failure('--exec needs a command, such as "python3 mine.py"');
  return {
    exec,
    ...(execChannels === undefined ? {} : { channels: execChannels }),
    ...(guarantees === undefined ? {} : { guarantees }),
  };
}
