/**
 * What Node is told in each of several processes that share one machine:
 *
 * - V8 collects garbage on the thread that makes it. With helping threads, processes wait for each other's: at half
 *   of the peak the 99th percentile of own deliveries was two to four times as long.
 * - Its old generation, in MiB, may fill before it is collected for the first time. V8 begins with a few, and a
 *   member under load was collecting for a tenth of its time what was garbage a moment later.
 * - node:sqlite warns in every process that it is experimental.
 */
export const SHARED_MACHINE_FLAGS = [
  '--single-threaded-gc',
  '--initial-old-space-size=64',
  '--disable-warning=ExperimentalWarning',
] as const;
