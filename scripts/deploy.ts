import { resolve } from 'node:path';
import { deploy } from './deployment/deploy.ts';
import { destroy } from './deployment/destroy.ts';
import { findMissing } from './deployment/find-missing.ts';
import { findQuota, peersWanted } from './deployment/find-quota.ts';
import { asksForHelp, parseWish, USAGE, type Wish, WishError } from './deployment/wish.ts';
import { realTools, type Tools } from './tools.ts';

/** Fulfils a wish with `tools`, from the project at `root`; gives the status to end with. */
export async function fulfil(wish: Wish, tools: Tools, root: string): Promise<number> {
  const missing = await findMissing(tools, wish);
  for (const { what, cure } of missing) tools.say(`missing: ${what}\n    ${cure}`);
  if (missing.length > 0) return 1;
  if (wish.onlyCheck && wish.action === 'deploy') {
    const quota = await findQuota(tools, wish.project, peersWanted(wish.settings));
    if (quota.unknown !== null) tools.say(`not verified: the quota of vCPUs (${quota.unknown})`);
    if (quota.missing !== null) {
      tools.say(`missing: ${quota.missing.what}\n    ${quota.missing.cure}`);
      return 1;
    }
  }
  tools.say(`ready: gcloud, pulumi, project ${wish.project}, state in ${wish.state}`);
  if (wish.onlyCheck) return 0;
  return wish.action === 'deploy' ? deploy(wish, tools, root) : destroy(wish, tools, root);
}

if (import.meta.main) {
  const options = process.argv.slice(2);
  if (asksForHelp(options)) process.stdout.write(`${USAGE}\n`);
  else await main(options);
}

async function main(options: readonly string[]): Promise<void> {
  try {
    const wish = parseWish(options, process.env);
    process.exitCode = await fulfil(wish, realTools, resolve(import.meta.dirname, '..'));
  } catch (error) {
    if (!(error instanceof WishError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
