import { happeningOf, HAPPENING } from '../fields/happenings.ts';
import { readSaying } from '../fields/sayings.ts';
import { addComposite } from '../text/composite.ts';
import { DELIMITER_NAMES, DELIMITERS, readCells, type Delimiter } from '../text/cells.ts';
import { firstLines, lineBehind, nextLine, startOfLine, type Line } from '../text/lines.ts';
import { LogError, type LogText } from '../text/log-text.ts';
import { CELL, Row } from '../text/row.ts';
import { namesMessage } from './assignments.ts';
import { remarks, type Form, type ToldFields } from './form.ts';
import {
  bareWord,
  isHappening,
  isName,
  isNamed,
  isPlaceInFront,
  isTime,
  JOURNAL,
} from './roles-of-cells.ts';
import { noteSaying, refuseDelivery } from './said.ts';
import { takeLines } from './take-lines.ts';

/** How many lines are looked at to find out how all of them are laid out. */
const LINES_LOOKED_AT = 20;

/** How the lines of a log are laid out. */
interface Layout {
  /**
   * What stands between cells; `null` where a line is one word that holds sender and number, such as
   * `0:3`, perhaps behind one that tells what happened.
   */
  readonly delimiter: Delimiter | null;
  /** How many leading cells tell the time, and how severe the line is. */
  readonly times: number;
  /** Whether a word behind these cells tells what happened. */
  readonly hasWord: boolean;
  /** Whether that word says of a line, among those looked at, that its message was delivered. */
  readonly saysDelivery: boolean;
  /** The places of sender and number, if somebody told them: then any words of the line may tell what happened. */
  readonly told?: readonly [sender: number, number: number];
}

/** A line for each message, with sender, number and whatever else in cells. */
export const DELIMITED: Form = {
  title: 'a line for each message, such as "0 3", "0,3", "0;3", "0:3" or "deliver 0 3"',

  recognises(source, at, told) {
    return findLayout(source, at, told) !== null;
  },

  read(source, at, take, told) {
    const layout = findLayout(source, at, told)!;
    const row = new Row(source);
    const leftOut = takeLines(source, at, row, take, (line) => {
      const isMessage = readOther(row, source, line, layout);
      if (isMessage === null) readLine(row, source, line, layout);
      return isMessage !== false;
    });
    const between = layout.delimiter === null ? 'a sign' : DELIMITER_NAMES[layout.delimiter];
    return remarks(`a line for each message, with ${between} between the cells`, { leftOut });
  },
};

/**
 * Reads a line that says by no known word what happened, where others do before each message that was delivered: true where
 * it has a message behind another word, which may mean a delivery, and false where it tells of something else. It is `null`
 * where the line says it, or may be a message by itself.
 */
function readOther(row: Row, source: LogText, line: Line, layout: Layout): boolean | null {
  const { delimiter, times, saysDelivery } = layout;
  if (!saysDelivery) return null;
  if (tryCells(row, line, delimiter)) {
    if (row.has(times) && isHappening(row, times)) return null;
    if (row.count < times + 3 && layoutBy(source, line, delimiter) !== null) return null;
  }
  if (readUndelivered(row, line)) return null;
  refuseDelivery(source, line, 'found a delivery without a message; allowed is one in each');
  if (delimiter === null) {
    const [behind, word = ''] = /^\s*(\S+)\s+(?=\S+$)/.exec(
      source.text.slice(line.start, line.end),
    ) ?? [''];
    const from = line.start + behind.length;
    row.begin(line.start);
    row.add(CELL.text, from - 1, from);
    if (word === '' || !addComposite(row, from, line.end)) return false;
  } else if (!row.has(times + 2) || row.kind(times + 2) !== CELL.whole) return false;
  row.end = line.end;
  row.preamble = times + 1;
  return true;
}

/**
 * The layout that most of the first lines have, or `null`. A line that differs, such as a heading or a
 * mistake, is told when it is read.
 */
function findLayout(source: LogText, at: number, told: ToldFields): Layout | null {
  const lines = firstLines(source.text, startOfLine(source.text, at), LINES_LOOKED_AT);
  for (const delimiter of DELIMITERS) {
    const layouts = lines.flatMap((line) => layoutBy(source, line, delimiter) ?? []);
    if (layouts.length * 2 > lines.length) return mostly(layouts);
  }
  // A hold-back queue may tell of more messages that wait than of deliveries.
  const row = new Row(source);
  const telling = lines.filter((line) => !readUndelivered(row, line));
  const layouts = telling.flatMap((line) => layoutBy(source, line, null) ?? []);
  const saying = layouts.filter(({ saysDelivery }) => saysDelivery);
  const areMost = layouts.length * 2 > telling.length || saying.length * 4 > telling.length;
  if (areMost && !areAllInBrackets(source, at)) return mostly(layouts);
  const places = told?.map((place) => Number(place) - 1) ?? [];
  const byPlaces = DELIMITERS.map((delimiter) =>
    lines.flatMap((line) => toldLayout(source, line, delimiter, places) ?? []),
  );
  return byPlaces.find((each) => each.length * 2 > lines.length)?.[0] ?? null;
}

/** Of the layouts of lines the one with a word for what happened, if most have one, or every fourth tells of a delivery. */
function mostly(layouts: readonly Layout[]): Layout {
  const worded = layouts.filter(({ hasWord }) => hasWord);
  const saying = worded.filter(({ saysDelivery }) => saysDelivery);
  const areWorded = worded.length * 2 > layouts.length || saying.length * 4 > layouts.length;
  return areWorded ? (saying[0] ?? worded[0]!) : layouts[0]!;
}

/** The layout of a line that has a sender and a number in the told places if its cells are parted by `delimiter`. */
function toldLayout(
  source: LogText,
  line: Line,
  delimiter: Delimiter,
  [sender = NaN, number = NaN]: readonly number[],
): Layout | null {
  const row = new Row(source);
  const isMessage =
    tryCells(row, line, delimiter) &&
    row.has(sender) &&
    row.has(number) &&
    row.kind(number) === CELL.whole;
  return isMessage
    ? { delimiter, times: 0, hasWord: false, saysDelivery: false, told: [sender, number] }
    : null;
}

/** A message at the end of a line, in brackets and behind something: the lines with a message in brackets have it, too. */
const IN_BRACKETS = /\S\s+[([]\s*(?:\d+|[A-Za-z_]\w*)\s*,\s*\d+\s*[)\]]\s*$/;

/**
 * Whether all messages of a log stand in brackets behind words, as in `delivered (0,3)`. Then they are read as with a space in
 * them, `delivered (0, 3)`: that form knows what a sentence says of its message. Every line is looked at, since
 * there a message of another shape would be a line without any.
 */
function areAllInBrackets(source: LogText, at: number): boolean {
  const row = new Row(source);
  let line = nextLine(source.text, startOfLine(source.text, at));
  while (line !== null) {
    row.begin(line.start);
    const text = source.text.slice(line.start, line.end);
    if (!IN_BRACKETS.test(text) && addComposites(row, line)) return false;
    line = lineBehind(source.text, line.end);
  }
  return true;
}

/** The layout of a line if its cells are parted by `delimiter`; `null` where that makes no message. */
function layoutBy(source: LogText, line: Line, delimiter: Delimiter | null): Layout | null {
  const row = new Row(source);
  const hasCells = tryCells(row, line, delimiter);
  const text = source.text.slice(line.start, line.end);
  if (!hasCells || JOURNAL.test(text) || namesMessage(text)) return null;
  let times = 0;
  while (row.has(times) && (isTime(row, times) || isPlaceInFront(row, times))) times += 1;
  const hasWord = row.has(times) && isHappening(row, times);
  const sender = times + (hasWord ? 1 : 0);
  const happening = hasWord ? happeningOf(bareWord(row, times)) : HAPPENING.unsaid;
  const saysDelivery = happening === HAPPENING.delivery;
  // A line about a multicast need not name its sender, as in "broadcast 3".
  const isOwn = happening === HAPPENING.multicast;
  if (isOwn && row.count === sender + 1 && row.kind(sender) === CELL.whole) {
    return { delimiter, times, hasWord, saysDelivery };
  }
  const isSender = row.has(sender) && (row.kind(sender) === CELL.whole || isName(row, sender));
  if (!isSender || !row.has(sender + 1)) return null;
  // One of two cells is the sender and the other the number, whichever comes first.
  const isNumber = row.kind(sender + 1) === CELL.whole;
  const isSwapped =
    row.kind(sender) === CELL.whole && isName(row, sender + 1) && !isHappening(row, sender + 1);
  if (isNamed(row, sender)) return null;
  return isNumber || isSwapped ? { delimiter, times, hasWord, saysDelivery } : null;
}

function tryCells(row: Row, line: Line, delimiter: Delimiter | null): boolean {
  row.begin(line.start);
  if (delimiter === null) return addComposites(row, line);
  try {
    readCells(row, line, delimiter);
  } catch (error) {
    if (error instanceof LogError) return false;
    throw error;
  }
  return true;
}

/** A word that tells what happened, before a sender and a number in one word. */
const WORD_BEFORE = /^(\s*\[?)([A-Za-z][\w-]*)\]?:?\s+(?=[\p{L}\p{N}_"'([{<][^\s]*$)/u;

/** Adds the cells of a line such as `0:3` or `delivered P1:3`; false where it is none. */
function addComposites(row: Row, { start, end }: Line): boolean {
  const match = WORD_BEFORE.exec(row.source.text.slice(start, end));
  const word = match?.[2] ?? '';
  if (happeningOf(word) === HAPPENING.unsaid) return addComposite(row, start, end);
  const from = start + match![1]!.length;
  row.add(CELL.text, from, from + word.length);
  return addComposite(row, start + match![0].length, end);
}

function readLine(row: Row, source: LogText, line: Line, layout: Layout): void {
  const { delimiter, times, hasWord, saysDelivery } = layout;
  if (delimiter === null) {
    if (hasWord && readUndelivered(row, line)) return;
    if (!tryCells(row, line, delimiter)) {
      throw source.unexpected(line.start, 'a message such as 0:3, as in the lines before');
    }
  } else if (!saysDelivery) {
    // Where lines say so, `readOther` has read the cells.
    row.begin(line.start);
    readCells(row, line, delimiter);
  }
  row.end = line.end;
  row.preamble = times;
  const [first, last] = [...(layout.told ?? [])].sort((one, other) => one - other);
  if (first !== undefined && row.has(last!)) {
    const [from, to] = [row.start(first), row.start(last!) + row.raw(last!).length];
    const text = source.text.slice(line.start, line.end);
    noteSaying(row, readSaying(text, from - line.start, to - line.start));
  }
  if (!hasWord || !row.has(times) || row.kind(times) !== CELL.text) return;
  row.word = bareWord(row, times).toLowerCase();
  row.preamble += 1;
}

/** Several words, and one with sender and number in it, as in `cannot deliver 2:3`. */
const WORDS_BEFORE = /^\s*\S.*?\s\S+\s+(?=\S+\s*$)/;

/**
 * Reads a line that says in several words of its message not to be delivered, or that leaves it in doubt; false for any
 * other one. What is said to be delivered stands behind one word in all lines, so that more of them may mean anything.
 */
function readUndelivered(row: Row, { start, end }: Line): boolean {
  const text = row.source.text.slice(start, end);
  const words = WORDS_BEFORE.exec(text)?.[0] ?? '';
  if (!/\bdeliver/i.test(words)) return false;
  const saying = readSaying(text, words.length, text.length);
  if (saying.doubt === null && happeningOf(saying.word) === HAPPENING.delivery) return false;
  if (!saying.word.includes('deliver')) return false;
  row.begin(start);
  row.add(CELL.text, start, start + words.trimEnd().length);
  if (!addComposite(row, start + words.length, end)) return false;
  row.end = end;
  row.preamble = 1;
  noteSaying(row, saying);
  return true;
}
