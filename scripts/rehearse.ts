import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installInfra } from './deployment/deploy.ts';
import { realTools } from './tools.ts';

const USAGE = `npm run rehearse

The first hour of docs/deploy.md without a cloud: the deployment, against a Google that behaves over time, then what was
deployed, on Google's emulators behind TLS and a metadata server. It takes no options, and some minutes.
`;
const root = resolve(import.meta.dirname, '..');

const given = process.argv.slice(2);
if (given.length === 0) await rehearse();
else {
  const asksForHelp = given.includes('--help') || given.includes('-h');
  process.stderr.write(asksForHelp ? USAGE : `rehearse takes no options: ${given.join(' ')}\n`);
  process.exitCode = asksForHelp ? 0 : 2;
}

/** `npm run rehearse`. */
async function rehearse(): Promise<void> {
  const program = join(root, 'infra/rehearsal/main.ts');
  if (!existsSync(join(root, 'node_modules'))) throw new Error('npm ci comes first');
  process.env['MPCOMM_SLOW'] = '1';
  const steps = [
    () => installInfra(realTools, root),
    () => realTools.show(process.execPath, ['--no-warnings', program], { directory: root }),
    () =>
      realTools.show('npm', ['run', '--silent', 'jest', '--', 'test/end-to-end/first-hour'], {
        directory: root,
      }),
  ];
  for (const step of steps) {
    process.exitCode = await step();
    if (process.exitCode !== 0) break;
  }
}
