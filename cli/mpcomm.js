#!/usr/bin/env node
// The sources are TypeScript that Node 24 runs as it is. An older Node hands over to the Node that
// was installed with the project, so that this file must stay plain JavaScript for old versions.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { useCompileCache } from './compile-cache.js';

const NODE_MAJOR_MIN = 24;

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) {
  useCompileCache();
  nodeModule.enableCompileCache?.();
  await import('./main.ts');
} else handOver();

function handOver() {
  const suffix = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = fileURLToPath(new URL(`../node_modules/node/bin/${suffix}`, import.meta.url));
  if (!existsSync(node)) {
    console.error(
      `mpcomm needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.versions.node}. ` +
        'Run "npm ci" in the project once: it installs the right Node beside the sources.',
    );
    process.exit(2);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to both; a kill reaches only this one and is passed on. Either way the
  // other one decides when to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`mpcomm could not start ${node}: ${error.message}`);
    process.exit(2);
  });
  child.on('exit', (status, signal) => {
    if (signal === null) process.exit(status);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
