import { restOfLine, skipBlank } from '../text/blank.ts';
import { withoutPrefixes, type BareLog } from '../text/line-prefix.ts';
import type { LogText } from '../text/log-text.ts';
import { ASSIGNMENTS } from './assignments.ts';
import { CSV } from './csv.ts';
import { DELIMITED } from './delimited.ts';
import { EPFL } from './epfl.ts';
import type { Form, ToldFields } from './form.ts';
import { LITERALS } from './literals.ts';
import { nearestForm } from './nearest-form.ts';
import { OWN_OBJECT } from './own-object.ts';
import { PREFIXED_LINES } from './prefixed-lines.ts';
import { SENTENCES } from './sentences.ts';
import { YAML } from './yaml.ts';

/** Every form that is read, in the order in which a log is tried: the stricter ones come first. */
export const FORMS: readonly Form[] = [
  OWN_OBJECT,
  LITERALS,
  YAML,
  EPFL,
  CSV,
  SENTENCES,
  DELIMITED,
  PREFIXED_LINES,
  ASSIGNMENTS,
];

/** The form of a log, and where its messages begin. */
export interface Recognised {
  readonly form: Form;
  readonly at: number;
  readonly source: LogText;
  /** What was taken off the beginning of its lines; `null` for nothing. */
  readonly behind: string | null;
}

/**
 * Finds the form of a log; `null` for an empty log, which is in every form. A log in none of them is tried again without
 * what logging libraries and docker put before its lines.
 * @throws LogError that names the forms, where the log is in none of them.
 */
export function recogniseForm(whole: LogText, told: ToldFields): Recognised | null {
  const at = skipBlank(whole.text, 0);
  refuseNumbered(whole, at === whole.text.length);
  if (at === whole.text.length) return null;
  const form = FORMS.find((candidate) => candidate.recognises(whole, at, told));
  if (form !== undefined) return { form, at, source: whole, behind: null };
  const bare = withoutPrefixes(whole, at);
  if (bare !== null) {
    const { source, what } = bare;
    const first = skipBlank(source.text, 0);
    const behind = FORMS.find((candidate) => candidate.recognises(source, first, told));
    if (behind !== undefined) return { form: behind, at: first, source, behind: what };
  }
  const allowed = FORMS.map(({ title }) => `\n  ${title}`).join('');
  throw whole.error(
    at,
    `found ${whole.found(at)}; the forms that are read are${allowed}${describeLine(whole, bare, at)}`,
  );
}

/** Refuses lines such as `#3: delivered (0, 1)`, which as comments would be overlooked. */
function refuseNumbered(whole: LogText, areAllComments: boolean): void {
  const numbered = areAllComments ? /^[ \t]*#\s?\d/m : /^[ \t]*#\s?\d+\b.*\bdeliver/im;
  const found = whole.text.search(numbered);
  const at = found < 0 && areAllComments ? findAlike(whole.text) : found;
  if (at < 0) return;
  throw whole.error(
    at,
    'a line that begins with # or // is a comment, but this one seems to tell of a delivery; allowed are lines without that sign',
  );
}

/** Where the first of two lines stands that differ in their numbers alone, as messages do and headings do not; -1 without. */
function findAlike(text: string): number {
  const known = new Map<string, number>();
  for (const { index, 0: line } of text.matchAll(/^.*\d.*\d.*$/gm)) {
    const shape = line.trim().replace(/\d+/g, '0');
    const before = known.get(shape);
    if (before !== undefined) return before;
    known.set(shape, index);
  }
  return -1;
}

const LINE_SHOWN_MAX = 120;

/** The line that is in no form, whole, and the form that is nearest to it; `''` for what is no text. */
function describeLine(whole: LogText, bare: BareLog | null, at: number): string {
  const line = restOfLine(whole.text, at).slice(0, LINE_SHOWN_MAX);
  if (/\p{Cc}|\ufffd/u.test(line)) return '';
  const nearest = nearestForm(restOfLine((bare?.source ?? whole).text, at).trim());
  const skipped = bare === null ? '' : `, behind ${bare.what}`;
  return `\nThe line is ${JSON.stringify(line)}${skipped}${nearest === null ? '' : `: ${nearest}`}`;
}
