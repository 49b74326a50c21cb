import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { loadedModules } from '../../support/loaded-modules.ts';

// A check starts ten threads to explain what it found, and each loads its modules anew.
test.each(['check-worker.ts', 'exhaustive/exhaustive-worker.ts'])(
  'a thread of %s loads nothing that tells or draws, and no ordering but its own, before it is needed',
  (worker) => {
    const loaded = loadedModules([`cli/check/${worker}`], 0);
    expect(loaded).toContain('simulation/check/check-scenario.ts');
    const unwanted = /^(?:diagram|svg|core\/orderings)\/|\/story\.ts$/;
    expect(loaded.filter((file) => unwanted.test(file))).toEqual([]);
  },
);

test('a thread in which members run has no classes of the network, and what Node would load for them is not loaded', async () => {
  const [load, ordering] = ['custom/load-ordering.ts', 'examples/my-ordering.ts'];
  const worker = new Worker(
    `import(${JSON.stringify(new URL(`../../../${load}`, import.meta.url).href)})
      .then(({ loadOrdering }) => loadOrdering(${JSON.stringify(ordering)}, { members: 2 }))
      .then((entry) => require('node:worker_threads').parentPort.postMessage([
        entry.name, typeof Headers, typeof structuredClone, process.moduleLoadList.filter((name) => /undici|tls/.test(name))]))`,
    { eval: true, execArgv: [] },
  );
  const [answer] = (await once(worker, 'message')) as [unknown];
  expect(answer).toEqual(['file-my-ordering', 'undefined', 'function', []]);
});
