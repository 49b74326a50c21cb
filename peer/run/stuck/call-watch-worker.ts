import { workerData } from 'node:worker_threads';
import { CallNotes } from './call-notes.ts';
import { describeStuck, LOOK_PERIOD_MS, StuckCalls } from './stuck-rules.ts';

/** The thread that watches the calls of the main thread's ordering; call-watcher.ts says what it does and why. */

const notes = new CallNotes(workerData as SharedArrayBuffer);
const stuckCalls = new StuckCalls();
let isEnding = false;

// The timer stays: this thread would end while it waits for an answer of the main thread, which does not keep it.
setInterval(() => {
  const { count } = notes;
  const { user, system } = process.cpuUsage();
  const isStuck = stuckCalls.look(count, performance.now(), (user + system) / 1_000);
  if (isStuck && !isEnding) void end(count, describeStuck(notes.call, stuckCalls.seenMs));
}, LOOK_PERIOD_MS);

async function end(count: number, failure: string): Promise<void> {
  isEnding = true;
  // Only now: until then this thread has next to nothing in memory.
  const { endStuckProcess } = await import('./end-stuck-process.ts');
  isEnding = await endStuckProcess(count, failure);
}
