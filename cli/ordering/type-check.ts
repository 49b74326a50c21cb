import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OrderingSource } from './ordering-source.ts';
import type { TypeCheck } from './type-check-process.ts';

const SCRIPT = fileURLToPath(new URL('./type-check-process.ts', import.meta.url));
/** It takes a second or two; what takes longer than this is not waited for. */
const CHECK_MS_MAX = 30_000;
const PROBLEMS_SHOWN_MAX = 5;

/**
 * Begins to check the types of an ordering in a .ts file, beside whatever else is done, and gives what is to
 * be said of it: `null` for any other source, or where TypeScript is not installed. It never throws: types
 * are erased when the file runs, so what they say is advice, and changes no result and no exit status.
 */
export async function adviseOnTypes(source: OrderingSource): Promise<string | null> {
  if ('exec' in source || !/\.m?ts$/.test(source.ordering)) return null;
  const file = source.ordering;
  const checked = await runCheck(resolve(file));
  if (checked === null) return `Types of ${file}: not checked, since that took too long.`;
  const { version, problems, strays } = checked;
  if (version === null) return null;
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
