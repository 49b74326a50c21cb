import { z } from 'zod';
import type { Pulumi } from './pulumi.ts';
import { DATABASE_DEFAULT, ofStack, type Wish } from './wish.ts';

/** What the stack tells of where it is (docs/deploy.md); nothing before it was deployed, and after it was destroyed. */
const outputsSchema = z.object({ region: z.string(), database: z.string() });

/**
 * Why this deployment is refused, where something of a laboratory that is there would have to move; `null` otherwise. A database does
 * not move: Pulumi would make another one before it deletes the old one with all its runs, and stop halfway where both
 * have the same name.
 */
export async function findMove(
  pulumi: Pulumi,
  wish: Pick<Wish, 'project' | 'stack' | 'region' | 'settings'>,
): Promise<string | null> {
  const { project, stack, region, settings } = wish;
  const { output } = await pulumi.ask(['stack', 'output', '--json', '--stack', stack]);
  const there = outputsIn(output);
  if (there === null) return null;
  const wanted = { region, database: settings['database'] ?? DATABASE_DEFAULT };
  const moves = (['region', 'database'] as const).filter((each) => wanted[each] !== there[each]);
  if (moves.length === 0) return null;
  // The brackets of (default) mean something to a shell.
  const told = (of: typeof wanted) =>
    moves.map((each) => `--${each} ${of[each].replace(/^\(.*\)$/, "'$&'")}`).join(' ');
  return (
    `The laboratory is there with ${told(there)}, and does not move to ${told(wanted)}.\n` +
    `    npm run destroy -- --project ${project}${ofStack(wish)} first, which deletes its runs; or leave it where it is:\n` +
    `    npm run deploy -- --project ${project}${ofStack(wish)} ${told(there)}`
  );
}

function outputsIn(json: string): z.infer<typeof outputsSchema> | null {
  try {
    return outputsSchema.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}
