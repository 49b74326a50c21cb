import { spellUnprintable } from '../printable.ts';
import type { DecodedLog } from './decode-log.ts';
import { nameField } from './fields/sample.ts';
import type { FirstMessage, ReadLog } from './read-log.ts';
import { NO_WITNESS } from './numbers/shown-numbers.ts';
import type { RunOfLogs } from './run-of-logs.ts';
import { listNames, nameSenders } from './senders/owners.ts';
import type { ToldOfLogs } from './told.ts';

/** Sentences about how the logs were understood, with the flags that would change that. */
export function describeReading(
  run: RunOfLogs,
  told: ToldOfLogs,
  files: readonly DecodedLog[],
): string[] {
  return [
    ...describeForms(run),
    ...describeDecoding(files),
    ...describeOrder(run),
    ...describeOwners(run),
    ...describeOthers(run),
    ...describeNumbers(run, told),
    ...describeLeftOut(run),
  ];
}

/** What the logs are, each kind once, with a first message. */
function describeForms({ set }: RunOfLogs): string[] {
  const kinds = new Map<string, { log: ReadLog; files: string[] }>();
  const empty: string[] = [];
  for (const [place, log] of set.logs.entries()) {
    const [what, file] = [log.columns.remarks?.what, set.parties.files[place]!];
    const kind = what === undefined ? undefined : kinds.get(what);
    if (what === undefined) empty.push(file);
    else if (kind === undefined) kinds.set(what, { log, files: [file] });
    else {
      kind.files.push(file);
      if (kind.log.first === null) kind.log = log;
    }
  }
  const each = [...kinds].map(([what, { log, files }]) => {
    const who = kinds.size === 1 ? 'Each log is ' : `${listNames(files)}: `;
    return `${who}${what}${log.first === null ? '' : describeFirst(log.first, set.judgement)}.`;
  });
  return empty.length === 0 ? each : [...each, `Empty: ${listNames(empty)}.`];
}

function describeFirst(first: FirstMessage, judgement: RunOfLogs['set']['judgement']): string {
  const { isSwapped, isAmbiguous } = judgement;
  const [sender, number] = isSwapped ? [first.number, first.sender] : [first.sender, first.number];
  if (sender === null || number === null) return '';
  const example = spellUnprintable(`; ${first.text} is message ${number} of sender ${sender}`);
  if (isSwapped) return `${example}, the number first (--fields 1,2 takes the sender first)`;
  if (isAmbiguous) return `${example} (--fields 2,1 takes the number first)`;
  return example + describeFields(first);
}

function describeFields({ fields: { by, sender, number }, width }: FirstMessage): string {
  const two =
    sender === number
      ? `field ${nameField(sender)}`
      : `fields ${nameField(sender)} and ${nameField(number)}`;
  if (by === 'told') return `, by its ${two}, as told`;
  if (by === 'name') return `, by its ${two}`;
  if (by === 'guess') return `, by its ${two} (--fields tells others)`;
  return width > 2 ? `, by its first two fields (--fields tells others)` : '';
}

/** What was done to make texts of the files. */
function describeDecoding(files: readonly DecodedLog[]): string[] {
  const those = (isOne: (file: DecodedLog) => boolean) =>
    listNames(files.filter(isOne).map(({ name }) => name));
  const packed = those(({ unpackedBy }) => unpackedBy !== undefined);
  const single = those(({ encoding }) => encoding !== undefined);
  return [
    ...(packed === '' ? [] : [`Unpacked by gunzip: ${packed}.`]),
    ...(single === '' ? [] : [`Not UTF-8, and so read as Windows-1252: ${single}.`]),
  ];
}

function describeOrder({ set: { isReordered, parties } }: RunOfLogs): string[] {
  if (!isReordered) return [];
  const { files } = parties;
  return [
    'The files are taken in the order of the numbers in their names: ' +
      `${listNames([files[0]!])} is the first and ${listNames([files.at(-1)!])} the last.`,
  ];
}

function describeOwners({ set: { owners, parties } }: RunOfLogs): string[] {
  const { by, names } = owners;
  if (by === 'unknown') {
    const shown = parties.senders.filter(
      (_name, sender) => parties.witnesses[sender] !== NO_WITNESS,
    );
    if (shown.length === 0) return [];
    return [
      `Whose log is whose is not known: the logs show ${nameSenders(shown)}, who are judged among ` +
        'themselves. --senders tells the sender of each file, in their order.',
    ];
  }
  const called = names.map((name) => spellUnprintable(name ?? '?'));
  const isPlain = called.every((name, log) => name === String(log));
  if (isPlain && by !== 'told') return [];
  const flag = by === 'told' ? 'as told' : '--senders tells others';
  const unknown = called.includes('?') ? '; of ? no message is shown' : '';
  return [`In their order, the logs are those of peers ${called.join(', ')} (${flag})${unknown}.`];
}

/** Senders whose log nobody gave. */
function describeOthers({ set, senderAt, others }: RunOfLogs): string[] {
  const { owners, parties } = set;
  if (owners.by === 'unknown') return [];
  const size = parties.files.length;
  const names = senderAt.slice(size).map((sender) => parties.senders[sender]!);
  const [known, strangers] = [names.slice(0, others.length), names.slice(others.length)];
  const shows = known.length === 1 ? 'its' : 'their';
  return [
    ...(known.length === 0
      ? []
      : [
          `None of the logs is that of ${nameSenders(known)}: ${shows} messages are judged by what the ` +
            'others delivered.',
        ]),
    ...(strangers.length === 0
      ? []
      : [
          `Only one log shows anything of ${nameSenders(strangers)}, and no log is that of such a ` +
            'sender: it counts as invented (--senders tells whose logs these are).',
        ]),
  ];
}

function describeNumbers({ numbering, set }: RunOfLogs, told: ToldOfLogs): string[] {
  if (set.shown.deliveries === 0) return [];
  const { first } = numbering;
  if (first === null) {
    return [
      'The numbers jump, as times do: they tell the order of the messages of a sender, but not ' +
        'whether one of them was lost everywhere. --first N says that they count from N on.',
    ];
  }
  if (told.first !== null) return [`Messages are numbered from ${first} on, as told.`];
  return first === 0 ? [] : [`Messages are numbered from ${first} on (--first tells otherwise).`];
}

function describeLeftOut({ set: { settled, logs, parties } }: RunOfLogs): string[] {
  const told = (counts: readonly number[], what: string) => {
    const files = counts.flatMap((count, place) => {
      return count > 0 ? [`${parties.files[place]!} (${count})`] : [];
    });
    return files.length === 0 ? [] : [`Left out, because ${what}: ${listNames(files)}.`];
  };
  const lines = logs.map(({ columns }) => columns.remarks?.leftOut ?? 0);
  return [
    ...told(lines, 'they hold no message, are lines of'),
    ...told(settled.leftOut, 'they are no deliveries, are messages of'),
    ...(settled.arrivals ? ['What is said to have been received is taken for delivered.'] : []),
  ];
}
