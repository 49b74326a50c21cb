import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { PATIENCE_MS } from './patience.ts';

const ROOT = `${pathToFileURL(process.cwd()).href}/`;
const MARK = 'loaded: ';
/** Prints, when the process ends, which modules it had loaded. */
const WATCHER = `data:text/javascript,import { registerHooks } from 'node:module';
const urls = [];
registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
process.on('exit', () => urls.forEach((url) => console.log('${MARK}' + url)));`.replaceAll(
  '\n',
  '',
);

/** Which modules Node loads that is started with `words`, by their paths in the project; it has to end with `status`. */
export function loadedModules(words: readonly string[], status: number): string[] {
  const args = ['--disable-warning=ExperimentalWarning', '--import', WATCHER, ...words];
  const ended = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: PATIENCE_MS });
  if (ended.status !== status) throw new Error(`status ${ended.status}: ${ended.stderr}`);
  return ended.stdout
    .split('\n')
    .filter((line) => line.startsWith(MARK))
    .map((line) => line.slice(MARK.length).replace(ROOT, ''));
}
