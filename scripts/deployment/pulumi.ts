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

/** The settings that the stack remembers, by their names; empty where there is no stack yet. */
export async function rememberedSettings(
  pulumi: Pulumi,
  stack: string,
): Promise<Readonly<Record<string, string>>> {
  const { status, output } = await pulumi.ask(['config', '--json', '--stack', stack]);
  if (status !== 0) return {};
  try {
    const found = Object.entries(JSON.parse(output) as Record<string, { value?: unknown }>);
    return Object.fromEntries(
      found.map(([name, { value }]) => [name.replace(/^mpcomm:/, ''), String(value)]),
    );
  } catch {
    return {};
  }
}
