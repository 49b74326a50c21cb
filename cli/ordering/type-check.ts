import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import type { OrderingSource } from './ordering-source.ts';
import { mayStray } from './stray-effects.ts';
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
 * Begins to look at the source of an ordering in a file, beside whatever else is done: at its types, where it is TypeScript,
 * and for stray effects. It says nothing of any other source, or where TypeScript is not installed. It never throws: types
 * are erased when the file runs, so what they say is advice, and changes no result and no exit status.
 */
export async function adviseOnSource(source: OrderingSource): Promise<Advice> {
  if ('exec' in source || !isOrderingFile(source.ordering)) return NO_ADVICE;
  const file = source.ordering;
  const hasTypes = /\.m?ts$/.test(file);
  if (!hasTypes && !(await isWorthParsing(file))) return NO_ADVICE;
  const checked = await runCheck(resolve(file), hasTypes ? 'types' : 'strays');
  if (checked === null) {
    const text = hasTypes ? `Types of ${file}: not checked, since that took too long.` : null;
    return { text, strays: [] };
  }
  const { version, strays } = checked;
  if (version === null) return NO_ADVICE;
  const lines = [...(hasTypes ? typesOf(file, checked) : []), ...straysOf(strays)];
  return { text: lines.length === 0 ? null : lines.join('\n'), strays };
}

/** Whether there may be stray effects in a file, or in one of its author's that it imports: loading a compiler takes longer. */
async function isWorthParsing(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return mayStray(text) || /['"]\.{1,2}\/(?!.*\bcore\/)/.test(text);
}

function typesOf(file: string, { version, problems }: TypeCheck): string[] {
  if (problems.length === 0) {
    return [`Types of ${file}: checked by TypeScript ${version}, no error.`];
  }
  const found = problems.length === 1 ? 'an error' : `${problems.length} errors`;
  return [
    `Types of ${file}: TypeScript ${version} finds ${found} (the file runs all the same):`,
    ...listed(problems),
  ];
}

function straysOf(strays: readonly string[]): string[] {
  return strays.length === 0 ? [] : ['Not in the run, or in no seed:', ...listed(strays)];
}

function listed(lines: readonly string[]): string[] {
  const left = lines.length - PROBLEMS_SHOWN_MAX;
  return [
    ...lines.slice(0, PROBLEMS_SHOWN_MAX).map((line) => `  ${line}`),
    ...(left > 0 ? [`  ... and ${left} more`] : []),
  ];
}

function runCheck(path: string, looksAt: 'types' | 'strays'): Promise<TypeCheck | null> {
  return new Promise((finish) => {
    const options = { timeout: CHECK_MS_MAX };
    execFile(process.execPath, [SCRIPT, path, looksAt], options, (error, output) => {
      finish(error === null ? (JSON.parse(output) as TypeCheck) : null);
    });
  });
}
