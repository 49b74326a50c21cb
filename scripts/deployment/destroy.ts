import type { Tools } from '../tools.ts';
import { installInfra } from './deploy.ts';
import { explainFailure } from './explain-failure.ts';
import { pulumiOf } from './pulumi.ts';
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
    for (const { what, cure } of explainFailure(`${output}\n${errors}`, wish)) {
      tools.say(`\n${what}:\n    ${cure}`);
    }
    tools.say('\nNot all is destroyed, and what is left is paid for. The same call goes on.');
    return status ?? 127;
  }
  tools.say(
    `\nDestroyed. What is left costs next to nothing: the state in ${wish.state}, and the bucket\n` +
      `gcf-v2-sources-... that Cloud Functions made; docs/deploy.md says how to remove them.`,
  );
  return 0;
}
