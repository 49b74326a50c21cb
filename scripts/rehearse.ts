import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installInfra } from './deployment/deploy.ts';
import { realTools } from './tools.ts';

/**
 * `npm run rehearse`: the first hour of docs/deploy.md without a cloud. First the deployment, against a Google
 * that behaves over time; then what was deployed, on Google's emulators behind TLS and a metadata server.
 */
const root = resolve(import.meta.dirname, '..');
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
