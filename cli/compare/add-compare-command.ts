import { InvalidArgumentError } from 'commander';
import { FORMS } from '../../control/logs/forms/registry.ts';
import { LIMITS } from '../../control/limits.ts';
import type { Context } from '../shell/context.ts';
import { integerFrom } from '../shell/parse-values.ts';
import type { CompareOptions } from './compare-command.ts';
import type { AddCommand } from '../shell/register.ts';

/** The greatest number of a message that `--first` takes: fifteen digits. */
const FIRST_MAX = 999_999_999_999_999;

const EXAMPLES = `  mpcomm compare logfile0.log logfile1.log logfile2.log
  mpcomm compare logs/*.log --messages 100 --json
  mpcomm compare 1.output 2.output 3.output --crashed 2
  mpcomm compare a.csv b.csv --senders 5001,5002 --first 1 --fields port,clock
Files
  one a peer, in the order of the numbers in their names, so that logfile*.log is safe though a shell
  puts logfile10.log before logfile2.log; files without numbers count as they are given
  read are, each recognised by itself:
${FORMS.map(({ title }) => `    ${title}`).join('\n')}
  - is standard input; what gzip compressed is unpacked
  a file that holds nothing is the log of a peer that delivered nothing
Exit status
  0 compared, whatever was found; 2 a file cannot be read, or the files can be understood in two ways`;

/** Adds `mpcomm compare`. */
export function addCompareCommand(
  add: AddCommand,
  context: Context,
  finish: (status: number) => void,
): void {
  add(
    'compare',
    'compare what any programs delivered: one file a peer, with a sender and a number of each message, ' +
      'as JSON, a Python list, CSV, lines or whatever else is recognised',
    EXAMPLES,
  )
    .argument('<FILE...>', 'two files or more, one a peer; - for standard input')
    .option('--messages <M>', 'messages of each peer', integerFrom(1, LIMITS.messagesMax))
    .option(
      '--senders <A,B,...>',
      'what the logs call the peers of the files, in their order (default: found out)',
      parseSenders,
    )
    .option(
      '--first <N>',
      "the number of each sender's first message (default: found out)",
      integerFrom(0, FIRST_MAX),
    )
    .option(
      '--fields <SENDER,NUMBER>',
      'which fields of a message count: their names, or their places from 1 (default: found out)',
      parseFields,
    )
    .option(
      '--crashed <PEER,...>',
      'peers that crashed: what the logs call them, or their files; may be given again',
      collectPeers,
    )
    .option(
      '--one-run',
      'each file is of one run: deliveries that repeat earlier ones, as in a replay, are judged as such',
    )
    .option('--json', 'print only the comparison document')
    .action(async (files: string[], options: CompareOptions) => {
      const { compareCommand } = await import('./compare-command.ts');
      finish(await compareCommand(context, files, options));
    });
}

function splitNames(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function parseSenders(text: string): string[] {
  const names = splitNames(text);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is there twice.`);
  if (!names.includes('')) return names;
  throw new InvalidArgumentError('Allowed: a name for each file, with commas between them.');
}

function parseFields(text: string): [string, string] {
  const names = splitNames(text);
  const [sender, number] = names;
  if (names.length === 2 && sender && sender === number) {
    throw new InvalidArgumentError(
      `"${sender}" is there twice. Allowed: one field with the sender and another one with the number.`,
    );
  }
  if (names.length === 2 && sender && number) return [sender, number];
  throw new InvalidArgumentError(
    'Allowed: two fields, that of the sender and that of the number, such as sender,sequence or 1,2.',
  );
}

function collectPeers(text: string, before: readonly string[] = []): string[] {
  const names = splitNames(text).filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('Allowed: peers, such as 2 or 1,2.');
  return [...before, ...names];
}
