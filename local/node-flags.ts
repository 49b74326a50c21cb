/**
 * Known to the V8 of Node 24 alone; a Node that does not know it would refuse to start. Without it, V8 collects the old
 * generation whenever buffers have grown by 64 MiB, whatever its own limit is. A member in an ordering with views keeps
 * the payloads of a run, so that it marked all it had every few seconds, to free nothing: 20 to 80 ms, in all members at
 * about the same time, since they all keep the same.
 */
const COUNT_BUFFERS_AS_OLD = '--external-memory-accounted-in-global-limit';
const isNode24 = process.versions.node.startsWith('24.');

/**
 * What Node is told in each process of a laboratory, and of a bench, which share one machine:
 *
 * - V8 collects garbage on the thread that makes it. With helping threads, processes wait for each other's: at half
 *   of the peak the 99th percentile of own deliveries was two to four times as long.
 * - Its old generation, in MiB, may fill before it is collected for the first time. V8 begins with a few, and a
 *   member under load was collecting for a tenth of its time what was garbage a moment later. Buffers and it together
 *   may fill twice that.
 * - node:sqlite warns in every process that it is experimental.
 * - Whoever is at leisure may have V8 give memory back (peer/duty/leisure.ts).
 */
export const LABORATORY_FLAGS = [
  '--single-threaded-gc',
  '--initial-old-space-size=128',
  ...(isNode24 ? [COUNT_BUFFERS_AS_OLD] : []),
  '--disable-warning=ExperimentalWarning',
  '--expose-gc',
] as const;
