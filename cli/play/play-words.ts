import type { AutoGoal } from '../../simulation/play/auto-play.ts';

/** What somebody typed in a game, understood, but not yet held against the table. */
export type PlayCommand =
  | { readonly do: 'nothing' | 'state' | 'redo' | 'judge' | 'steps' | 'story' | 'quit' }
  | { readonly do: 'deliver' | 'lose' | 'repeat'; readonly packets: readonly string[] }
  | { readonly do: 'multicast' | 'fire' | 'pause' | 'revive'; readonly members: readonly number[] }
  | { readonly do: 'crash'; readonly member: number; readonly sends?: number }
  | { readonly do: 'cut' | 'heal' | 'close'; readonly paths: readonly TypedPath[] }
  | { readonly do: 'back'; readonly steps: number }
  | { readonly do: 'auto'; readonly goal: AutoGoal }
  | { readonly do: 'save' | 'svg'; readonly file: string | null }
  | { readonly do: 'help'; readonly about: string | null };

export interface TypedPath {
  readonly from: number;
  readonly to: number;
}

/** How a command is written, and what it does: the lines of `help`, in its order. */
export interface CommandHelp {
  readonly name: string;
  readonly usage: string;
  readonly text: string;
  /** Further sentences, for `help NAME`. */
  readonly more: string;
}

export const COMMAND_HELP: readonly CommandHelp[] = [
  {
    name: 'state',
    usage: 'state',
    text: 'how things stand: what each peer delivered, holds and waits for; packets under way',
    more: 'Each packet has a number, which it keeps as long as it is under way; deliver, lose and repeat take it.',
  },
  {
    name: 'multicast',
    usage: 'multicast 0',
    text: 'peer 0 multicasts its next message',
    more: 'Several peers may be named: multicast 0 1. How many messages each has to multicast is set by --messages.',
  },
  {
    name: 'deliver',
    usage: 'deliver 3',
    text: 'packet 3 arrives at the peer that it is for',
    more:
      'Several at once: deliver 3 5; the oldest on a path: deliver 0>1; all that can arrive now: deliver all. ' +
      'Whether the peer then delivers a message to its application is for its ordering to decide.',
  },
  {
    name: 'lose',
    usage: 'lose 3',
    text: 'packet 3 never arrives',
    more: 'An ordering that retransmits sends it again once the timer of its sender goes off: see fire.',
  },
  {
    name: 'repeat',
    usage: 'repeat 3',
    text: 'a second copy of packet 3 is under way',
    more: 'The copy has a number of its own. By UDP a packet may come twice.',
  },
  {
    name: 'fire',
    usage: 'fire 2',
    text: 'the timer of peer 2 goes off, and its clock goes to that time',
    more:
      'Retransmissions, heartbeats and suspicions come of timers. Each peer has a clock of its own, which stands ' +
      'still between: in an asynchronous system any of them may be slow.',
  },
  {
    name: 'crash',
    usage: 'crash 1',
    text: 'peer 1 stops for ever; crash 1+2: in its next step, after sending 2 packets',
    more:
      'What it sent is still under way, and may arrive. With --reliable the others learn of the crash when you say ' +
      'so: see close.',
  },
  {
    name: 'pause',
    usage: 'pause 1',
    text: 'peer 1 does nothing until revive 1; what is for it waits',
    more: '',
  },
  { name: 'revive', usage: 'revive 1', text: 'peer 1 goes on', more: '' },
  {
    name: 'cut',
    usage: 'cut 0>1',
    text: 'what 0 sends to 1 from now on is lost; cut 0|1,2: both ways, between two sides',
    more: 'What is under way already may still be delivered, or lost.',
  },
  { name: 'heal', usage: 'heal 0>1', text: 'the path lets packets through again', more: '' },
  {
    name: 'close',
    usage: 'close 0>1',
    text: 'with --reliable: peer 1 is told that peer 0, which crashed, is gone; what it sent to 1 is lost',
    more:
      'Several at once: close 0>1,2; with 3 and 4 crashed, close 3,4>0,1,2. ' +
      'Over reliable channels nothing is lost but what somebody sent before it crashed. Whoever is told of a crash ' +
      'hears no more from there. An ordering that goes on without the crashed peers often begins to when a timer ' +
      'goes off: state shows who has one; fire. Without --reliable, timers find out who is silent.',
  },
  {
    name: 'auto',
    usage: 'auto',
    text: 'let all that is under way arrive; auto 10, or auto until broken, see help auto',
    more:
      'auto lets whatever is under way arrive, what was sent first first. auto 10 takes ten steps of a kind ' +
      'network, which also multicasts what is left, and lets timers go off when nothing else can happen. ' +
      'auto until delivered (everybody has everything), auto until broken (a guarantee that the ordering ' +
      'declares), auto until 1 delivers 0,2 (peer 1 delivers message 2 of peer 0). It gives up after 1,000 steps.',
  },
  {
    name: 'undo',
    usage: 'undo',
    text: 'take the last step back; undo 3: the last three',
    more: 'redo takes them again.',
  },
  {
    name: 'back',
    usage: 'back 5',
    text: 'take five steps back',
    more: 'The same as undo 5. back all begins anew.',
  },
  {
    name: 'redo',
    usage: 'redo',
    text: 'take again what was taken back',
    more: 'Until another step is taken.',
  },
  {
    name: 'judge',
    usage: 'judge',
    text: 'every guarantee that is broken now, and since which step',
    more: '',
  },
  { name: 'steps', usage: 'steps', text: 'what was done so far, as a file has it', more: '' },
  { name: 'story', usage: 'story', text: 'the run as a diagram in text, time downwards', more: '' },
  {
    name: 'save',
    usage: 'save FILE',
    text: 'keep the game; mpcomm play --from FILE opens it again',
    more: 'Without FILE it goes into the state directory, and you are told where.',
  },
  {
    name: 'svg',
    usage: 'svg FILE',
    text: 'draw the run as a space-time diagram',
    more: 'Without FILE it goes into the state directory, and you are told where.',
  },
  { name: 'help', usage: 'help', text: 'this; help deliver: more of one command', more: '' },
  { name: 'quit', usage: 'quit', text: 'leave the game; so does Ctrl-D', more: '' },
];

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
    case 'redo':
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
    case 'fire':
    case 'pause':
    case 'revive':
      if (values.length === 0) throw wrong(name);
      return { do: name, members: values.map((value) => numberOf(name, value)) };
    case 'crash':
      return parseCrash(values);
    case 'cut':
    case 'heal':
    case 'close':
      return { do: name, paths: parsePaths(name, values) };
    case 'undo':
    case 'back':
      return { do: 'back', steps: parseSteps(name, values) };
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
  throw new RangeError(`"${word}" is ${why}; allowed: ${NAMES.join(', ')}`);
}

function wrong(name: string): RangeError {
  const { usage, text } = COMMAND_HELP.find((each) => each.name === name)!;
  return new RangeError(`it is written: ${usage} (${text})`);
}

function numberOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw wrong(name);
}

function parseCrash(values: readonly string[]): PlayCommand {
  const [, member, sends] = /^(\d{1,5})(?: ?\+ ?(\d{1,9}))?$/.exec(values.join(' ')) ?? [];
  if (member === undefined) throw wrong('crash');
  return {
    do: 'crash',
    member: Number(member),
    ...(sends === undefined ? {} : { sends: Number(sends) }),
  };
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
  const delivers = /^until (\d{1,5}) delivers \(?(\d{1,5}), ?(\d{1,9})\)?$/.exec(text);
  if (delivers === null) {
    throw new RangeError(
      `"auto ${text}" means nothing; allowed: auto, auto 10, auto until quiet, auto until delivered, ` +
        'auto until broken, auto until 1 delivers 0,2',
    );
  }
  const [member, sender, sequence] = delivers.slice(1).map(Number);
  return { until: 'delivers', member: member!, sender: sender!, sequence: sequence! };
}
