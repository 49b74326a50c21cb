import { join } from 'node:path';
import type { Called, Tools } from '../tools.ts';
import type { Wish } from './wish.ts';

/** Pulumi, on the stack and the state of a wish. */
export interface Pulumi {
  show(options: readonly string[]): Promise<number>;
  tell(options: readonly string[]): Promise<Called>;
  ask(options: readonly string[]): Promise<Called>;
}

/** It is asked for a passphrase that nothing needs: the state holds no secret. */
export function pulumiOf({ state, project }: Wish, tools: Tools, root: string): Pulumi {
  const call = {
    directory: join(root, 'infra'),
    environment: {
      PULUMI_BACKEND_URL: state,
      PULUMI_CONFIG_PASSPHRASE: process.env['PULUMI_CONFIG_PASSPHRASE'] ?? '',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      GOOGLE_CLOUD_QUOTA_PROJECT: project,
    },
  };
  return {
    show: (options) => tools.show('pulumi', options, call),
    tell: (options) => tools.tell('pulumi', options, call),
    ask: (options) => tools.ask('pulumi', options, call),
  };
}

/** Settings of a stack, by their names. */
export type Settings = Readonly<Record<string, string>>;

/** The file in which a stack's settings are remembered: one for all projects that have a stack of that name. */
export function settingsFile(stack: string): string {
  return `infra/Pulumi.${stack}.yaml`;
}

/** The settings that the stack remembers; `null` where they cannot be read, as without a stack. */
export async function rememberedSettings(pulumi: Pulumi, stack: string): Promise<Settings | null> {
  const { status, output } = await pulumi.ask(['config', '--json', '--stack', stack]);
  if (status !== 0) return null;
  try {
    const found = Object.entries(JSON.parse(output) as Record<string, { value?: unknown }>);
    return Object.fromEntries(
      found.map(([name, { value }]) => [name.replace(/^mpcomm:/, ''), String(value)]),
    );
  } catch {
    return null;
  }
}

/** Has the stack remember these settings besides those that it has; gives the status of that. */
export function remember(pulumi: Pulumi, stack: string, settings: Settings): Promise<number> {
  const words = Object.entries(settings).flatMap(([name, value]) => [
    '--plaintext',
    `${name}=${value}`,
  ]);
  return pulumi.show(['config', 'set-all', '--stack', stack, ...words]);
}

/** Has the stack remember what it did before it was told `said`; gives whether it does. */
export async function putBack(
  pulumi: Pulumi,
  stack: string,
  before: Settings,
  said: Settings,
): Promise<boolean> {
  const added = Object.keys(said).filter((name) => before[name] === undefined);
  const isSet = Object.keys(before).length === 0 || (await remember(pulumi, stack, before)) === 0;
  const options = ['config', 'rm-all', '--stack', stack, ...added];
  const isRemoved = added.length === 0 || (await pulumi.show(options)) === 0;
  return isSet && isRemoved;
}
