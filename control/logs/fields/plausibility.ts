import type { LogColumns } from '../log-columns.ts';
import { measureDensity, type Density } from '../numbers/density.ts';
import { isSeveral, type ShownNumbers } from '../numbers/shown-numbers.ts';
import { mayBeOfFiles } from '../senders/owner-rules.ts';
import type { SenderNames } from '../senders/sender-names.ts';
import type { LogError } from '../text/log-text.ts';

/** A sender that counts its messages has at least this share of the numbers, though some may be missing. */
const COUNTED_SHARE_MIN = 0.75;
/**
 * At least this share of the numbers means that nearly every one is there, and that the rest may be
 * lost.
 */
const WHOLE_SHARE_MIN = 0.95;
/** More repetitions than this among the deliveries say that other fields identify a message. */
const REPETITIONS_SHARE_MAX = 0.5;

/** The judgement about two fields that stand where a sender and a number may stand. */
export interface FieldJudgement {
  /** Whether the fields are to be taken the other way round. */
  readonly isSwapped: boolean;
  /** Whether the fields make sense both ways. */
  readonly isAmbiguous: boolean;
}

/** What is to be judged. */
export interface Questioned {
  readonly logs: readonly LogColumns[];
  readonly shown: ShownNumbers;
  readonly senders: SenderNames;
  /** The numbers in the names of the files; `null` where the names do not differ by a number. */
  readonly fileNumbers: readonly number[] | null;
  /** Whether the two fields are not the first ones, or not in the usual order. */
  readonly isGuess: boolean;
  /** Whether messages have further fields, which may be the two instead. */
  readonly hasOthers: boolean;
}

/**
 * Judges whether two fields without names make sense as sender and number. They do when few senders
 * count their messages. They do not when the supposed senders are as manifold as times, and the
 * supposed numbers as few as senders: such a log has a time in front, and no number of the message.
 *
 * In the usual order, the sender first, numbers may have gaps and senders may lack a log; a guess has
 * to fit exactly. Where both orders make sense, the usual one is taken if senders fit the files only
 * so, or if there is a log for each sender.
 * @throws LogError that says which flag tells the fields, where they make no sense or too many orders
 * do.
 */
export function judgeFields(questioned: Questioned): FieldJudgement {
  const { logs, shown, senders, isGuess, hasOthers } = questioned;
  const size = logs.length;
  if (hasOthers && isRepetitive(shown)) throw refusal(logs, REPETITIVE);
  checkWords(logs, senders);
  const bySender = borneOut(shown);
  const straight = measureDensity(bySender);
  if (isGuess) {
    const isRight = straight.senders <= size && straight.share >= COUNTED_SHARE_MIN;
    if (isRight) return { isSwapped: false, isAmbiguous: false };
    throw refusal(logs, TIME_FIRST);
  }
  const swapped = swap(questioned, bySender);
  if (swapped === null) return { isSwapped: false, isAmbiguous: false };
  if (straight.senders <= size) {
    const isAmbiguous = swapped === 'counting';
    if (straight.share >= COUNTED_SHARE_MIN) return { isSwapped: false, isAmbiguous };
    throw refusal(logs, isAmbiguous ? AMBIGUOUS : UNCLEAR);
  }
  if (straight.share >= WHOLE_SHARE_MIN) {
    const isAmbiguous = swapped === 'counting';
    if (isAmbiguous && !growsWithNumbers(logs, senders)) throw refusal(logs, AMBIGUOUS);
    return { isSwapped: false, isAmbiguous };
  }
  if (swapped === 'counting') return { isSwapped: true, isAmbiguous: false };
  throw refusal(logs, hasOthers ? `${TIME_FIRST}, ${NEXT_ONES}` : TIME_FIRST);
}

const FLAG = '--fields tells which two count, counted from 1: --fields 1,2';
const NEXT_ONES = '--fields 2,3 for the next ones';
const TIME_FIRST =
  'the messages seem to begin with a time or an index, and to have a sender behind it; allowed are ' +
  `messages that have the number that their sender gave them. ${FLAG} for sender and number in front, ` +
  '--fields 2,1 to take the first field for the number';
const AMBIGUOUS =
  'which of the first two fields is the sender, and which the number, cannot be told: both ways make ' +
  `sense. ${FLAG} for the sender in front, --fields 2,1 for the number`;
const UNCLEAR =
  'which of the first two fields is the sender, and which the number, cannot be told: either way the ' +
  `numbers jump. ${FLAG} for the sender in front, --fields 2,1 for the number`;
const REPETITIVE =
  'with the first two fields for sender and number most deliveries would repeat another one, so that ' +
  `these do not seem to be the two. ${FLAG} for these two, ${NEXT_ONES}`;

function refusal(logs: readonly LogColumns[], message: string): LogError {
  const log = logs.find(({ length }) => length > 0)!;
  return log.source.error(log.places[0]!, message);
}

/**
 * Refuses a word in the place of a sender where others are numbers: it is a heading or a sum, as in `Peer 0`, or what
 * happened, as in `in 0 3`. Where it has a figure, as `P1` has, most of them have to be numbers.
 */
function checkWords(logs: readonly LogColumns[], senders: SenderNames): void {
  const isWord = Array.from({ length: senders.count }, (_, sender) => {
    return !/^\d+$/.test(senders.name(sender));
  });
  let [words, numbers] = [0, 0];
  for (const { senders: column } of logs) {
    for (const sender of column) {
      if (sender < 0) continue;
      if (isWord[sender]!) words += 1;
      else numbers += 1;
    }
  }
  const haveFigures = isWord.some((is, sender) => is && /\d/.test(senders.name(sender)));
  if (words === 0 || numbers === 0 || (words >= numbers && haveFigures)) return;
  const log = logs.find(({ senders: column }) => column.some((sender) => isWord[sender] === true))!;
  throw refuseWord(
    log,
    senders,
    log.senders.findIndex((sender) => isWord[sender] === true),
  );
}

/**
 * Refuses a word in the place of a sender in the last row of each log, where all other senders are numbers: it is a sum, as
 * in `Total,12` under the columns of a table.
 */
export function refuseTotals(logs: readonly LogColumns[], senders: SenderNames): void {
  const filled = logs.filter(({ length }) => length > 1);
  const isWord = (sender: number) => sender >= 0 && !/^\d+$/.test(senders.name(sender));
  const [first] = filled;
  if (first === undefined || !filled.every((log) => isWord(log.senders.at(-1)!))) return;
  const isSum = filled.every((log) => !log.senders.subarray(0, -1).some(isWord));
  if (isSum) throw refuseWord(first, senders, first.length - 1);
}

function refuseWord(log: LogColumns, senders: SenderNames, row: number): LogError {
  const name = JSON.stringify(senders.name(log.senders[row]!));
  return log.source.error(
    log.places[row]!,
    `found ${name} in the place of a sender, where others are numbers; allowed are messages only, and comments behind ` +
      '"#", or --fields SENDER,NUMBER with the places of the two that count',
  );
}

/**
 * By sender: the numbers that several logs show, if those are most; otherwise all. One message that no other log knows
 * must not decide what the fields are.
 */
function borneOut({ bySender }: ShownNumbers): number[][] {
  let [several, total] = [0, 0];
  const found = bySender.map((numbers) => {
    const those: number[] = [];
    for (const [number, by] of numbers) if (isSeveral(by)) those.push(number);
    several += those.length;
    total += numbers.size;
    return those;
  });
  return 2 * several > total ? found : bySender.map((numbers) => [...numbers.keys()]);
}

function isRepetitive({ repetitions, deliveries }: ShownNumbers): boolean {
  return repetitions > REPETITIONS_SHARE_MAX * deliveries;
}

/** Whether no more senders than logs count their messages from a common first number on. */
function isCounting(density: Density, size: number): boolean {
  return density.senders <= size && density.isCommonFirst && density.share >= COUNTED_SHARE_MIN;
}

/**
 * How well the two fields fit the other way round. The senders then fit the files, and the messages are
 * `counting` or `jumping`. The result is `null` where the other way cannot be: because a sender is no
 * number, because there would be more senders than logs, or because only the usual order has senders
 * that fit the files.
 */
function swap(
  { logs, senders, fileNumbers }: Questioned,
  bySender: readonly (readonly number[])[],
): 'counting' | 'jumping' | null {
  const shown = bySender.flatMap((numbers, sender) => (numbers.length > 0 ? [sender] : []));
  const usual = shown.map((sender) => Number(senders.name(sender)));
  if (usual.some(Number.isNaN)) return null;
  const swapped = new Map<number, number[]>();
  for (const [place, sender] of shown.entries()) {
    for (const number of bySender[sender]!) {
      const names = swapped.get(number);
      if (names === undefined) swapped.set(number, [usual[place]!]);
      else names.push(usual[place]!);
    }
    if (swapped.size > logs.length) return null;
  }
  const size = logs.length;
  const fits = (numbers: readonly number[]) => mayBeOfFiles(size, fileNumbers, numbers);
  if (fits(usual) && !fits([...swapped.keys()])) return null;
  return isCounting(measureDensity([...swapped.values()]), size) ? 'counting' : 'jumping';
}

/** Whether, over all logs, the numbers grow in the course of a log while the senders take turns. */
function growsWithNumbers(logs: readonly LogColumns[], senders: SenderNames): boolean {
  let [numbers, names] = [0, 0];
  for (const log of logs) {
    for (let row = 1; row < log.length; row += 1) {
      const [before, now] = [log.senders[row - 1]!, log.senders[row]!];
      if (log.numbers[row]! >= log.numbers[row - 1]!) numbers += 1;
      if (Number(senders.name(now)) >= Number(senders.name(before))) names += 1;
    }
  }
  return numbers > names;
}
