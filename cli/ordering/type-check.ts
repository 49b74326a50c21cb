import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OrderingSource } from './ordering-source.ts';
import type { TypeCheck } from './type-check-process.ts';

const SCRIPT = fileURLToPath(new URL('./type-check-process.ts', import.meta.url));
/** It takes a second or two; what takes longer than this is not waited for. */
const CHECK_MS_MAX = 30_000;
const PROBLEMS_SHOWN_MAX = 5;

/** What a look at the source of an ordering says of it, without running it. */
export interface Advice {
  /** For a person; `null` where there is nothing to be said. */
  readonly text: string | null;
  /** Where it reaches beyond the run, to chance, the machine's clock or timers: place, name and what to do instead. */
  readonly strays: readonly string[];
}

const NO_ADVICE: Advice = { text: null, strays: [] };

/**
 * Begins to check the types of an ordering in a .ts file, beside whatever else is done. It says nothing
 * of any other source, or where TypeScript is not installed. It never throws: types
 * are erased when the file runs, so what they say is advice, and changes no result and no exit status.
 */
export async function adviseOnTypes(source: OrderingSource): Promise<Advice> {
  if ('exec' in source || !/\.m?ts$/.test(source.ordering)) return NO_ADVICE;
  const file = source.ordering;
  const checked = await runCheck(resolve(file));
  if (checked === null) {
    return { text: `Types of ${file}: not checked, since that took too long.`, strays: [] };
  }
  return checked.version === null
    ? NO_ADVICE
    : { text: textOf(file, checked), strays: checked.strays };
}

function textOf(file: string, { version, problems, strays }: TypeCheck): string {
  const found = problems.length === 1 ? 'an error' : `${problems.length} errors`;
  const types =
    problems.length === 0
      ? [`Types of ${file}: checked by TypeScript ${version}, no error.`]
      : [
          `Types of ${file}: TypeScript ${version} finds ${found} (the file runs all the same):`,
          ...listed(problems),
        ];
  const beyond = strays.length === 0 ? [] : ['Not in the run, or in no seed:', ...listed(strays)];
  return [...types, ...beyond].join('\n');
}

function listed(lines: readonly string[]): string[] {
  const left = lines.length - PROBLEMS_SHOWN_MAX;
  return [
    ...lines.slice(0, PROBLEMS_SHOWN_MAX).map((line) => `  ${line}`),
    ...(left > 0 ? [`  ... and ${left} more`] : []),
  ];
}

function runCheck(path: string): Promise<TypeCheck | null> {
  return new Promise((finish) => {
    const options = { timeout: CHECK_MS_MAX };
    execFile(process.execPath, [SCRIPT, path], options, (error, output) => {
      finish(error === null ? (JSON.parse(output) as TypeCheck) : null);
    });
  });
}
