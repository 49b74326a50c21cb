import { judgeFields, refuseTotals, type FieldJudgement } from './fields/plausibility.ts';
import { findAnnouncements, type Announcements } from './numbers/announcements.ts';
import { ShownNumbers } from './numbers/shown-numbers.ts';
import { readLog, type ReadLog } from './read-log.ts';
import { refuseCut } from './refusals/refuse-cut.ts';
import { refuseOtherOrder } from './refusals/refuse-other-order.ts';
import { refusePositions } from './refusals/refuse-positions.ts';
import { refuseSecondRun } from './refusals/refuse-second-run.ts';
import { refuseToldApart } from './refusals/refuse-told-apart.ts';
import { refuseWriter } from './refusals/refuse-writer.ts';
import { orderFiles } from './senders/file-order.ts';
import { findOwners } from './senders/owners.ts';
import type { Owners, Parties } from './senders/parties.ts';
import { SenderNames } from './senders/sender-names.ts';
import { settleHappenings, type Settled } from './settle-happenings.ts';
import { LogError, type LogFile } from './text/log-text.ts';
import type { ToldOfLogs } from './told.ts';

/** The logs of one run as they were read, and how they were understood. */
export interface LogSet {
  readonly logs: readonly ReadLog[];
  readonly senders: SenderNames;
  readonly shown: ShownNumbers;
  /** By log: what it tells of its own multicasts; `null` where it tells nothing. */
  readonly announcements: readonly (Announcements | null)[];
  readonly parties: Parties;
  readonly owners: Owners;
  readonly judgement: FieldJudgement;
  readonly settled: Settled;
  /** Whether the files were put into another order than the one in which they were given. */
  readonly isReordered: boolean;
}

/**
 * Reads the logs of a run, one file a peer, and finds out which fields count and whose log is whose.
 * @throws LogError for what cannot be read, or could be read in several ways.
 */
export function readLogs(given: readonly LogFile[], told: ToldOfLogs): LogSet {
  refuseRotated(given);
  const { files, numbers, isChanged } = orderFiles(given);
  if (isChanged && told.senders !== null) throw uncertainOrder(given, files);
  const senders = new SenderNames();
  const logs = files.map((file) => readLog(file, senders, told.fields));
  checkLists(logs);
  const columns = logs.map((log) => log.columns);
  const settled = settleHappenings(columns);
  const announcements = columns.map(findAnnouncements);
  let shown = new ShownNumbers(columns, senders.count);
  const judgement = judge(logs, shown, senders, numbers);
  if (judgement.isSwapped) {
    for (const log of columns) log.swap(senders);
    shown = new ShownNumbers(columns, senders.count);
  }
  refusePositions(logs, senders);
  refuseOtherOrder(columns);
  refuseCut(columns, shown);
  refuseTotals(columns, senders);
  const parties: Parties = {
    files: files.map(({ name }) => name),
    fileNumbers: numbers,
    senders: Array.from({ length: senders.count }, (_, place) => senders.name(place)),
    witnesses: shown.witnesses,
    multicasters: announcements.map((announced) => announced?.sender ?? -1),
  };
  const owners = findOwners(parties, told.senders);
  refuseWriter(logs, shown, senders, owners);
  if (!told.oneRun && shown.repetitions > 0) {
    refuseToldApart(columns, senders);
    refuseSecondRun(columns, shown);
  }
  const set = { logs, senders, shown, announcements, parties, owners, judgement, settled };
  return { ...set, isReordered: isChanged };
}

function judge(
  logs: readonly ReadLog[],
  shown: ShownNumbers,
  senders: SenderNames,
  fileNumbers: readonly number[] | null,
): FieldJudgement {
  const firsts = logs.flatMap(({ first }) => first ?? []);
  const unnamed = firsts.filter(({ fields: { by } }) => by === 'first' || by === 'guess');
  if (unnamed.length === 0) return { isSwapped: false, isAmbiguous: false };
  return judgeFields({
    logs: logs.map((log) => log.columns),
    shown,
    senders,
    fileNumbers,
    isGuess: unnamed.some(({ fields }) => fields.by === 'guess'),
    hasOthers: unnamed.some(({ width }) => width > 2),
  });
}

/**
 * Refuses logs that each are one line with numbers in brackets: one such log may be a message, but
 * where all are, each is a list that nobody can read.
 */
function checkLists(logs: readonly ReadLog[]): void {
  const filled = logs.filter(({ first }) => first !== null);
  const areLists = filled.every(({ columns, first }) => {
    return columns.length === 1 && first!.isListOfNumbers && first!.width > 2;
  });
  if (filled.length === 0 || !areLists) return;
  const { columns } = filled[0]!;
  throw columns.source.error(
    columns.places[0]!,
    'a list of numbers does not say who multicast what; allowed is a list of messages such as ' +
      '[[0, 0], [1, 0]], each with its sender and its number',
  );
}

/** Refuses `peer0.log` beside `peer0.log.1`, which are the parts of one log that was rotated, and not two peers. */
function refuseRotated(given: readonly LogFile[]): void {
  const names = new Set(given.map(({ name }) => name));
  for (const { name } of given) {
    const whole = /^(.+\.[A-Za-z]\w*)\.\d+$/.exec(name)?.[1];
    if (whole === undefined || !names.has(whole)) continue;
    throw new LogError(
      `${name} and ${whole} seem to be parts of one log, the older one first; allowed is one file a peer, as ` +
        '"cat" makes it of them',
    );
  }
}

function uncertainOrder(given: readonly LogFile[], files: readonly LogFile[]): LogError {
  const place = given.findIndex((file, index) => file !== files[index]);
  return new LogError(
    '--senders names the senders of the files in their order, but the names of the files count ' +
      `otherwise: ${files[place]!.name} comes behind ${given[place]!.name}; allowed are files in the ` +
      'order of their numbers',
  );
}
