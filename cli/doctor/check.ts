import { MissingError } from '../../gcp/missing-error.ts';
import { messageOf } from '../shell/failure.ts';
import type { Paint } from '../shell/terminal.ts';

/** One line of the doctor: `wrong` says what to do; a `note` is worth knowing and stops nothing. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'wrong';
  readonly detail: string;
  /** What mends it, mostly a command. */
  readonly cure: string | null;
}

/** A fact, or the reason why it is not known. */
export type Gathered<Fact> =
  | { readonly known: true; readonly fact: Fact }
  | { readonly known: false; readonly why: string; readonly cure: string | null };

export function ok(name: string, detail: string): Check {
  return { name, state: 'ok', detail, cure: null };
}

export function note(name: string, detail: string, cure: string | null = null): Check {
  return { name, state: 'note', detail, cure };
}

export function wrong(name: string, detail: string, cure: string | null): Check {
  return { name, state: 'wrong', detail, cure };
}

/** The check of a fact, or the line that says why there is none. */
export function checkOf<Fact>(
  name: string,
  gathered: Gathered<Fact>,
  judge: (fact: Fact) => Check,
): Check {
  return gathered.known ? judge(gathered.fact) : wrong(name, gathered.why, gathered.cure);
}

/** Asks for a fact for at most `msMax`; what goes wrong becomes the reason why it is not known. */
export async function gather<Fact>(
  ask: () => Promise<Fact>,
  msMax: number,
): Promise<Gathered<Fact>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer within ${msMax / 1_000} s`);
    timer = setTimeout(() => reject(error), msMax);
  });
  try {
    return { known: true, fact: await Promise.race([ask(), late]) };
  } catch (error) {
    if (error instanceof MissingError) return { known: false, why: error.what, cure: error.cure };
    return { known: false, why: messageOf(error), cure: null };
  } finally {
    clearTimeout(timer);
  }
}

const LABELS = { ok: 'ok', note: 'note', wrong: 'FIX' } as const;

/** One line a check, with the cure at its end. */
export function renderChecks(checks: readonly Check[], paint: Paint): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const paintLabel = (state: Check['state']): string => {
    const label = LABELS[state].padEnd(4);
    if (state === 'note') return paint.dim(label);
    return state === 'ok' ? paint.good(label) : paint.bad(label);
  };
  return checks
    .map(({ name, state, detail, cure }) => {
      return `${paintLabel(state)}  ${name.padEnd(width)}  ${detail}${cure === null ? '' : `: ${cure}`}`;
    })
    .join('\n');
}
