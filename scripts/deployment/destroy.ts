import type { Tools } from '../tools.ts';
import { installInfra } from './deploy.ts';
import { explainDeployFailure } from './explain-failure.ts';
import { findLeft } from './find-left.ts';
import { pulumiOf, rememberedSettings } from './pulumi.ts';
import type { Wish } from './wish.ts';

/** Takes everything down; gives the status to end with. */
export async function destroy(wish: Wish, tools: Tools, root: string): Promise<number> {
  const pulumi = pulumiOf(wish, tools, root);
  const prepared =
    (await installInfra(tools, root)) || (await pulumi.show(['stack', 'select', wish.stack]));
  if (prepared !== 0) return prepared;
  const refresh = wish.refresh ? ['--refresh'] : [];
  if (!wish.yes) {
    const seen = await pulumi.show([
      'destroy',
      '--preview-only',
      '--stack',
      wish.stack,
      ...refresh,
    ]);
    if (seen !== 0) return seen;
    if (!(await tools.confirm('Do you want to perform this destroy?'))) {
      tools.say('Nothing was changed. (Without a terminal to answer on, --yes answers.)');
      return 1;
    }
  }
  const options = ['--yes', '--skip-preview', ...refresh];
  const { status, output, errors } = await pulumi.tell([
    'destroy',
    '--stack',
    wish.stack,
    ...options,
  ]);
  if (status !== 0) {
    for (const { what, cure } of explainDeployFailure(`${output}\n${errors}`, wish)) {
      tools.say(`\n${what}:\n    ${cure}`);
    }
    tools.say('\nNot all is destroyed, and what is left is paid for. The same call goes on.');
    return status ?? 127;
  }
  const settings = await rememberedSettings(pulumi, wish.stack);
  // What a stack of the same name in another project had says nothing of this one.
  const own = settings?.['project'] === wish.project ? settings : null;
  return report(tools, { ...wish, region: own?.['region'] ?? wish.region });
}

/** What Pulumi knew of is gone; what it knew nothing of is looked for. */
async function report(tools: Tools, wish: Wish): Promise<number> {
  const { left, unknown } = await findLeft(tools, wish);
  if (left.length > 0) {
    tools.say(
      '\nWhat Pulumi knew of is destroyed. This is there all the same, as after a deployment that was killed while\n' +
        'it was made, and costs until it is deleted:',
    );
    for (const { what, cure } of left) tools.say(`  ${what}:\n    ${cure}`);
  } else {
    tools.say(
      `\nDestroyed. What is left costs next to nothing: the state in ${wish.state}, and the bucket\n` +
        `gcf-v2-sources-... that Cloud Functions made; docs/deploy.md says how to remove them.`,
    );
  }
  if (unknown.length > 0) tools.say(`Not verified: ${unknown.join('; ')}.`);
  return left.length > 0 ? 1 : 0;
}
