import { isOrderingFile } from '../../custom/load-ordering.ts';
import type { Shrunken } from '../../simulation/check/shrink-failing.ts';
import { HangError, performAlone, type PoolOptions } from './check-pool.ts';
import type { Tried } from './check-worker.ts';

/**
 * Says of a counterexample that it comes from memory that the members would have to share: the same schedule breaks
 * nothing where they all use the same variables of the module, as they do in one process and never on several
 * machines. What is found is left as it is wherever that cannot be shown.
 */
export async function sayMemoryIsShared(pool: PoolOptions, shrunken: Shrunken): Promise<Shrunken> {
  const { source } = pool;
  const [first, ...others] = shrunken.findings;
  if (first === undefined || first.name === 'sharing') return shrunken;
  // The orderings of the project keep nothing outside create, and the members of a program are processes.
  if ('exec' in source || !isOrderingFile(source.ordering)) return shrunken;
  if (!(await isRightWhenShared(pool, shrunken))) return shrunken;
  const text =
    `${first.text}; nothing breaks where the members share memory, so that they rely on that: a variable outside ` +
    `create, in ${source.ordering} or a file that it imports, is one for all in one process, and on machines ` +
    'far apart each member has its own';
  return { ...shrunken, findings: [{ ...first, text }, ...others] };
}

/** Each way is tried twice: what comes out differently by itself says nothing of memory. */
async function isRightWhenShared(pool: PoolOptions, { scenario }: Shrunken): Promise<boolean> {
  const attempt = async (shared: boolean): Promise<Tried> => {
    const task = { task: 'try', before: [], scenario } as const;
    return performAlone({ ...pool, fresh: true, shared }, task);
  };
  try {
    const together = await attempt(true);
    if (together.findings.length > 0) return false;
    const [again, apart, apartAgain] = [
      await attempt(true),
      await attempt(false),
      await attempt(false),
    ];
    return (
      again.digest === together.digest &&
      apart.digest === apartAgain.digest &&
      apart.findings.length > 0
    );
  } catch (error) {
    if (!(error instanceof HangError)) throw error;
    return false;
  }
}
