import { skipBlank } from '../text/blank.ts';
import type { LogText } from '../text/log-text.ts';
import { ASSIGNMENTS } from './assignments.ts';
import { CSV } from './csv.ts';
import { DELIMITED } from './delimited.ts';
import { EPFL } from './epfl.ts';
import type { Form } from './form.ts';
import { LITERALS } from './literals.ts';
import { OWN_OBJECT } from './own-object.ts';
import { PREFIXED_LINES } from './prefixed-lines.ts';
import { SENTENCES } from './sentences.ts';

/** Every form that is read, in the order in which a log is tried: the stricter ones come first. */
export const FORMS: readonly Form[] = [
  OWN_OBJECT,
  LITERALS,
  EPFL,
  CSV,
  SENTENCES,
  DELIMITED,
  PREFIXED_LINES,
  ASSIGNMENTS,
];

/**
 * The form of a log, and where its messages begin; `null` for an empty log, which is in every form.
 * @throws LogError that names the forms, where the log is in none of them.
 */
export function recogniseForm(source: LogText): { form: Form; at: number } | null {
  const at = skipBlank(source.text, 0);
  if (at === source.text.length) return null;
  const form = FORMS.find((candidate) => candidate.recognises(source, at));
  if (form !== undefined) return { form, at };
  const allowed = FORMS.map(({ title }) => `\n  ${title}`).join('');
  throw source.error(at, `found ${source.found(at)}; the forms that are read are${allowed}`);
}
