import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MEMORY_DIRECTORY_VARIABLE, type HeapFigures } from './process-figures.ts';

/**
 * Loaded into the processes of a laboratory with `--import`: at SIGUSR2 a process collects its
 * garbage and writes down what is left. The product itself knows nothing of it.
 */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  const directory = process.env[MEMORY_DIRECTORY_VARIABLE];
  if (directory === undefined) return;
  // The garbage is collected twice, since the second pass frees what the first one finalizes.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  const figures: HeapFigures = { heapUsed, external };
  const file = join(directory, String(process.pid));
  writeFileSync(`${file}.part`, JSON.stringify(figures));
  renameSync(`${file}.part`, file);
});
