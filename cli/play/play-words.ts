import { GUARANTEE_NAMES } from '../../core/guarantees.ts';
import { quote } from '../../control/printable.ts';
import type { AutoGoal } from '../../simulation/play/auto-play.ts';
import { COMMAND_HELP } from './command-help.ts';

/** What somebody typed in a game, understood, but not yet held against the table. */
export type PlayCommand =
  | { readonly do: 'nothing' | 'state' | 'judge' | 'steps' | 'story' | 'quit' }
  | { readonly do: 'deliver' | 'lose' | 'repeat'; readonly packets: readonly string[] }
  | { readonly do: 'multicast'; readonly multicasts: readonly TypedMulticast[] }
  | { readonly do: 'fire' | 'pause' | 'revive'; readonly members: readonly number[] }
  | { readonly do: 'crash'; readonly crashes: readonly TypedCrash[] }
  | { readonly do: 'cut' | 'heal' | 'close'; readonly paths: readonly TypedPath[] }
  | { readonly do: 'back' | 'redo'; readonly steps: number }
  | { readonly do: 'auto'; readonly goal: AutoGoal }
  | { readonly do: 'save' | 'svg'; readonly file: string | null }
  | { readonly do: 'help'; readonly about: string | null };

export interface TypedMulticast {
  readonly member: number;
  /** How many messages, at one instant. */
  readonly count: number;
}

export interface TypedCrash {
  readonly member: number;
  /** How many packets it still sends in what it does next, if it is to crash in the middle of that. */
  readonly sends?: number;
}

export interface TypedPath {
  readonly from: number;
  readonly to: number;
}

/** The most characters of what somebody typed that an answer repeats. */
export const QUOTED_MAX = 40;

const NAMES = COMMAND_HELP.map(({ name }) => name);

/**
 * Understands one line. A command may be shortened as long as it is the only one that begins so.
 * @throws RangeError that says what is wrong, and what is allowed.
 */
export function parsePlayCommand(line: string): PlayCommand {
  const [word = '', ...values] = line.trim().split(/\s+/);
  if (word === '' || word.startsWith('#')) return { do: 'nothing' };
  const name = commandNamed(word);
  switch (name) {
    case 'state':
    case 'judge':
    case 'steps':
    case 'story':
    case 'quit':
      if (values.length > 0) throw wrong(name);
      return { do: name };
    case 'deliver':
    case 'lose':
    case 'repeat':
      if (values.length === 0) throw wrong(name);
      return { do: name, packets: values };
    case 'multicast':
      return parseMulticast(values);
    case 'fire':
    case 'pause':
    case 'revive':
      if (values.length === 0) throw wrong(name);
      return { do: name, members: membersIn(name, values) };
    case 'crash':
      return parseCrash(values);
    case 'cut':
    case 'heal':
    case 'close':
      return { do: name, paths: parsePaths(name, values) };
    case 'undo':
    case 'back':
      return { do: 'back', steps: parseSteps(name, values) };
    case 'redo':
      return { do: 'redo', steps: parseSteps(name, values) };
    case 'auto':
      return { do: 'auto', goal: parseGoal(values) };
    case 'save':
    case 'svg':
      if (values.length > 1) throw wrong(name);
      return { do: name, file: values[0] ?? null };
    default:
      if (values.length > 1) throw wrong('help');
      return { do: 'help', about: values[0] === undefined ? null : commandNamed(values[0]) };
  }
}

function commandNamed(word: string): string {
  if (NAMES.includes(word)) return word;
  const meant = NAMES.filter((name) => name.startsWith(word.toLowerCase()));
  if (meant.length === 1) return meant[0]!;
  const why = meant.length === 0 ? 'no command' : `the beginning of ${meant.join(' and ')}`;
  const typed = quote(word, QUOTED_MAX);
  throw new RangeError(`${typed} is ${why}; allowed: ${NAMES.join(', ')}`);
}

function wrong(name: string): RangeError {
  const { usage, text } = COMMAND_HELP.find((each) => each.name === name)!;
  return new RangeError(`it is written: ${usage} (${text})`);
}

function numberOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw wrong(name);
}

/** What stands behind a command: parts with spaces or commas between them, in which spaces may stand around a sign. */
function partsOf(values: readonly string[]): string[] {
  return values
    .join(' ')
    .replaceAll(/ *([*+]) */g, '$1')
    .split(/[ ,]+/);
}

/** Peers behind a command. */
function membersIn(name: string, values: readonly string[]): number[] {
  return partsOf(values).map((value) => numberOf(name, value));
}

function parseMulticast(values: readonly string[]): PlayCommand {
  const multicasts = partsOf(values).map((text): TypedMulticast => {
    const [, member, count = '1'] = /^(\d{1,5})(?:\*([1-9]\d{0,8}))?$/.exec(text) ?? [];
    if (member === undefined) throw wrong('multicast');
    return { member: Number(member), count: Number(count) };
  });
  return { do: 'multicast', multicasts };
}

function parseCrash(values: readonly string[]): PlayCommand {
  const crashes = partsOf(values).map((text): TypedCrash => {
    const [, member, sends] = /^(\d{1,5})(?:\+(\d{1,9}))?$/.exec(text) ?? [];
    if (member === undefined) throw wrong('crash');
    return { member: Number(member), ...(sends === undefined ? {} : { sends: Number(sends) }) };
  });
  return { do: 'crash', crashes };
}

/** `0>1` is one path; `0|1,2` the paths between the two sides, both ways. */
function parsePaths(name: string, values: readonly string[]): TypedPath[] {
  const side = String.raw`(\d{1,5}(?:,\d{1,5})*)`;
  const [, left, sign, right] = new RegExp(`^${side}([>|])${side}$`).exec(values.join('')) ?? [];
  if (left === undefined || right === undefined) throw wrong(name);
  const ends = (text: string): number[] => text.split(',').map(Number);
  const paths: TypedPath[] = [];
  for (const from of ends(left)) {
    for (const to of ends(right)) {
      paths.push({ from, to });
      if (sign === '|') paths.push({ from: to, to: from });
    }
  }
  return paths;
}

function parseSteps(name: string, values: readonly string[]): number {
  const [value = '1', ...rest] = values;
  if (rest.length > 0) throw wrong(name);
  return value === 'all' ? Infinity : numberOf(name, value);
}

function parseGoal(values: readonly string[]): AutoGoal {
  const text = values.join(' ');
  if (text === '' || text === 'until quiet') return { until: 'quiet' };
  if (/^\d{1,9}$/.test(text)) return { until: 'steps', steps: Number(text) };
  if (text === 'until delivered' || text === 'until broken') {
    return { until: text === 'until broken' ? 'broken' : 'delivered' };
  }
  const guarantee = GUARANTEE_NAMES.find((name) => text === `until ${name}`);
  if (guarantee !== undefined) return { until: 'breaks', guarantee };
  const delivers = /^until (\d{1,5}) delivers \(?(\d{1,5}), ?(\d{1,9})\)?$/.exec(text);
  if (delivers === null) {
    throw new RangeError(
      `${quote(`auto ${text}`, QUOTED_MAX)} means nothing; allowed: auto, auto 10, auto until quiet, auto until ` +
        'delivered, auto until broken, auto until total (or another guarantee), auto until 1 delivers 0,2',
    );
  }
  const [member, sender, sequence] = delivers.slice(1).map(Number);
  return { until: 'delivers', member: member!, sender: sender!, sequence: sequence! };
}
