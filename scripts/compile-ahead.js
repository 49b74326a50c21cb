// Runs after `npm ci`: has Node compile what `npm start` will load, as other languages' installers do, so that the very
// first start need not. Without it (`npm ci --ignore-scripts`), the first start compiles, which takes it a second longer.
// Plain JavaScript, because the Node that npm runs on may be too old for the sources.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { useCompileCache } from '../cli/compile-cache.js';

const NODE_MAJOR_MIN = 24;
/** An installation does not wait longer for what it can do without. */
const MS_MAX = 60_000;

/** Imports what it is called with. Node writes its cache as the process ends. */
const LOADER = 'for (const module of process.argv.slice(1)) await import(module)';

const OF_COMMAND = [
  'cli/program.ts',
  'cli/demo/add-demo-command.ts',
  'cli/demo/demo-command.ts',
  'cli/archive/read-recording.ts',
  'cli/render/pictures.ts',
];
const OF_LABORATORY = [
  'peer/daemon.ts',
  'peer/log.ts',
  'custom/load-ordering.ts',
  'backend/open-backend.ts',
  'backend/sqlite-store.ts',
  'backend/sqlite-bus.ts',
  'functions/front/front-server.ts',
];

async function main() {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) return;
  useCompileCache();
  const { LABORATORY_FLAGS } = await import('../local/node-flags.ts');
  // What V8 compiled with some flags is of no use to a process that has others.
  await Promise.all([compile([], OF_COMMAND), compile(LABORATORY_FLAGS, OF_LABORATORY)]);
}

async function compile(flags, modules) {
  const urls = modules.map((module) => new URL(`../${module}`, import.meta.url).href);
  const child = spawn(
    process.execPath,
    [...flags, '--input-type=module', '--eval', LOADER, '--', ...urls],
    { stdio: ['ignore', 'ignore', 'inherit'], timeout: MS_MAX },
  );
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`the loader of ${modules[0]} did not end well`);
}

try {
  await main();
} catch (error) {
  console.error(`The first start will take a little longer: ${error.message}`);
}
