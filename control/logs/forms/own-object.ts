import { senderRank } from '../fields/field-names.ts';
import { behindBracket, skipBlank } from '../text/blank.ts';
import { LiteralScanner } from '../text/literal-scanner.ts';
import type { LogText } from '../text/log-text.ts';
import { readList } from './literals.ts';
import { remarks, type Form, type Take } from './form.ts';

/** What programs call the list of what a peer delivered. */
const DELIVERIES = 'deliver(?:ies|ed(?:_?[mM]essages)?|y_?[oO]rder)|log|messages|history';
/** What a list may be called where the object is all there is: one with such a list may be a message as well. */
const LISTS = 'events|entries|records|items|data';
const NAMES = new RegExp(`^(?:${DELIVERIES}|${LISTS})$`);
const MARKS = 'deliveredBefore';

/** How the list begins behind its name. */
const BEGINNING = new RegExp(
  String.raw`^\{[^]*?["'](?:(?:${DELIVERIES})["']\s*:\s*\[\s*(?:[[({"'\]]|$)|${MARKS}["']\s*:)`,
);
/** How such a list begins, with nothing but plain values before it. */
const LIST = new RegExp(String.raw`^\{([^[{]*,)?\s*["'](?:${LISTS})["']\s*:\s*\[\s*(?:[[({]|$)`);

/** How many characters of the text are searched for that beginning. */
const HEAD_CHARACTERS = 400;

/**
 * An object with a list of deliveries. This project's own one tells when the peer multicast as well:
 * `deliveredBefore` has after how many deliveries the peer made its first multicast, its second, and so
 * on. Whatever else an object has is skipped.
 */
export const OWN_OBJECT: Form = {
  title: 'an object with a list "deliveries", and perhaps "deliveredBefore"',

  recognises({ text }, at) {
    const head = text.slice(at, at + HEAD_CHARACTERS);
    return BEGINNING.test(head) || isOnlyList(text, at, LIST.exec(head));
  },

  read(source, at, take) {
    const scanner = new LiteralScanner(source, at);
    const found = new Set<string>();
    let marks: number[] | null = null;
    let deliveries = 0;
    const counted: Take = (row) => {
      deliveries += 1;
      return take(row);
    };
    scanner.accept('{');
    while (!scanner.accept('}')) {
      const kind = readName(scanner, source, found);
      if (kind === 'marks') marks = readMarks(scanner, source);
      else if (kind === 'other') scanner.skipValue();
      else if (!readList(scanner, source, counted)) return remarks(WHAT, { isList: true });
      if (!scanner.accept(',') && scanner.peek() !== '}') throw scanner.unexpected('"," or "}"');
    }
    if (scanner.peek() !== '') throw scanner.unexpected('nothing after the object');
    checkMarks(source, scanner.at, found, marks, deliveries);
    return remarks(WHAT, { deliveredBefore: marks, isList: true });
  },
};

/** Whether an object that begins so is the whole text, and no message with a sender of its own. */
function isOnlyList(text: string, at: number, beginning: RegExpExecArray | null): boolean {
  if (beginning === null) return false;
  const names = [...(beginning[1] ?? '').matchAll(/["'](\w+)["']\s*:/g)].map(([, name]) => name!);
  const end = behindBracket(text, at, text.length);
  return senderRank(names) > 0 && end > 0 && skipBlank(text, end) === text.length;
}

const WHAT = 'an object with a list of deliveries';

/** Reads a name and the colon behind it, and says what it names; no name may be there twice. */
function readName(
  scanner: LiteralScanner,
  source: LogText,
  found: Set<string>,
): 'deliveries' | 'marks' | 'other' {
  scanner.peek();
  const { at } = scanner;
  const name = scanner.match(/["'][^"'\n]*["']/y).slice(1, -1);
  if (name === '') throw source.unexpected(at, 'a name in quotes, such as "deliveries"');
  const kind = NAMES.test(name) ? 'deliveries' : name === MARKS ? 'marks' : 'other';
  // A misspelt name must not cost a verdict unnoticed.
  if (kind === 'other' && /deliver/i.test(name)) {
    throw source.unexpected(at, `"deliveries" or "${MARKS}"`);
  }
  const known = kind === 'other' ? name : kind;
  if (found.has(known)) throw source.error(at, `found "${name}" again; allowed is each name once`);
  found.add(known);
  if (!scanner.accept(':')) throw scanner.unexpected('":"');
  return kind;
}

function readMarks(scanner: LiteralScanner, source: LogText): number[] {
  const marks: number[] = [];
  if (!scanner.accept('[')) throw scanner.unexpected('a list of numbers of deliveries');
  while (!scanner.accept(']')) {
    scanner.peek();
    const at = scanner.at;
    const digits = scanner.match(/\d{1,10}(?![\w.])/y);
    if (digits === '') throw scanner.unexpected('a number of deliveries, a whole number from 0');
    const [mark, least] = [Number(digits), marks.at(-1) ?? 0];
    if (mark < least) {
      const message = `found ${mark} after ${least} in "deliveredBefore"; allowed is the same or more`;
      throw source.error(at, message);
    }
    marks.push(mark);
    if (!scanner.accept(',') && scanner.peek() !== ']') throw scanner.unexpected('"," or "]"');
  }
  return marks;
}

function checkMarks(
  source: LogText,
  at: number,
  found: ReadonlySet<string>,
  marks: readonly number[] | null,
  deliveries: number,
): void {
  if (!found.has('deliveries')) {
    throw source.error(at, 'found no "deliveries"; an object has to have it');
  }
  const last = marks?.at(-1) ?? 0;
  if (last <= deliveries) return;
  const allowed = `allowed is at most ${deliveries}, the number of deliveries`;
  throw source.error(at, `found ${last} in "deliveredBefore"; ${allowed}`);
}
