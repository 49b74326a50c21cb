import { Session } from 'node:inspector/promises';
import { Kind, Message } from '../../core/message.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';

/**
 * How many blocks of code in core/ run for a message that a member of `fifo` receives and acknowledges
 * when that is due, while all its channels wait for something. V8 counts them (precise coverage), for
 * groups of as many members as the words say.
 * Prints an array of numbers.
 *
 * A process of its own, `node count-channel-work.ts SIZE...`, because coverage counts all that runs in one.
 */
const MESSAGES = 10;
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const work: number[] = [];
for (const size of process.argv.slice(2).map(Number)) work.push(await workIn(size));
session.disconnect();
console.log(JSON.stringify(work));

async function workIn(size: number): Promise<number> {
  let acknowledged = 0;
  const ordering = ORDERINGS.get('fifo')!.createUnpacked!(
    { self: 0, size, random: Math.random },
    {
      multicast: () => undefined,
      deliver: () => undefined,
      send: (_to, message) => {
        if (message.kind === Kind.linkAck) acknowledged += 1;
      },
    },
  );
  // From now on each channel waits for an acknowledgement, and has a deadline of a second.
  ordering.multicast(0, new Message(Kind.data, 0, 0));
  // What was counted before is the making of the channels.
  await session.post('Profiler.takePreciseCoverage');
  for (let from = 1; from <= MESSAGES; from += 1) {
    ordering.receive(from * 1_000, from, new Message(Kind.data, from, 0).onLink(1));
  }
  while (ordering.deadline < 900_000) ordering.advance(ordering.deadline);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  if (acknowledged !== MESSAGES) throw new Error(`${acknowledged} of ${MESSAGES} acknowledged`);
  let blocks = 0;
  for (const { url, functions } of result) {
    if (!url.includes('/core/')) continue;
    for (const { ranges } of functions) for (const { count } of ranges) blocks += count;
  }
  return blocks / MESSAGES;
}
