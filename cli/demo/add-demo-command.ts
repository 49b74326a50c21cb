import type { Register } from '../shell/register.ts';
import { withSeed, withSite } from '../shell/site-options.ts';
import type { DemoOptions } from './demo-command.ts';

/** Registers `mpcomm demo`. */
export const addDemoCommand: Register = (add, context, finish) => {
  const demo = add(
    'demo',
    'run 4 peers x 50 messages without an order and through a sequencer, and explain',
    '  mpcomm demo\n  mpcomm demo --backend emulators\n  mpcomm demo --loss 0.1',
  );
  withSeed(withSite(demo)).action(async (options: DemoOptions) => {
    const { demoCommand } = await import('./demo-command.ts');
    finish(await demoCommand(context, options));
  });
};
