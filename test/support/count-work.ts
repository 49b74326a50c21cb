import { Session } from 'node:inspector/promises';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { simulate } from '../../simulation/simulate.ts';
import { scenarioOf } from './simulated-run.ts';

/**
 * How many blocks of code in core/ run for each delivery, counted by V8 (precise coverage), when each of
 * 4 members multicasts as many messages as `backlogs` says within `messages` microseconds, long before
 * the first can arrive: the backlog is what the members multicast. Prints `{ [ordering]: work[] }`.
 *
 * A process of its own, `node count-work.ts BACKLOG...`, because coverage counts all that runs in one.
 */
const backlogs = process.argv.slice(2).map(Number);
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const work: Record<string, number[]> = {};
for (const [name, entry] of ORDERINGS) {
  const create = entry.createUnpacked ?? entry.create;
  work[name] = [];
  for (const messages of backlogs) work[name].push(await workOf(create, messages));
}
session.disconnect();
console.log(JSON.stringify(work));

async function workOf(create: Parameters<typeof simulate>[0], messages: number): Promise<number> {
  const scenario = scenarioOf({
    messages,
    intervalUs: { min: 1, max: 1 },
    endUs: 600_000_000,
    network: { delay: { kind: 'uniform', minUs: 20_000, maxUs: 40_000 } },
  });
  // What was counted before is the last run's.
  await session.post('Profiler.takePreciseCoverage');
  const { members } = simulate(create, scenario);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const deliveries = members.reduce((sum, { sequence }) => sum + sequence.length, 0);
  if (deliveries !== 16 * messages) throw new Error(`${deliveries} of ${16 * messages} delivered`);
  let blocks = 0;
  for (const { url, functions } of result) {
    if (!url.includes('/core/')) continue;
    for (const { ranges } of functions) for (const { count } of ranges) blocks += count;
  }
  return blocks / deliveries;
}
