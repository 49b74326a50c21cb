import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { useLaboratory } from '../support/real-laboratory.ts';

const RUNS = 20;
const HAS_PROC = existsSync('/proc/self/fd');

/** Resident memory of a process in MiB. */
function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024;
}

function openSockets(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      return false; // It was closed while we looked.
    }
  }).length;
}

describe(`${RUNS} runs in a row on one laboratory`, () => {
  const lab = useLaboratory({ peers: 4 });
  const body = { peers: 4, messages: 50, intervalMs: { min: 1, max: 6 } };

  (HAS_PROC ? test : test.skip)(
    'memory of the daemons stays flat, and no socket is left behind',
    async () => {
      const pids = lab.laboratory.peerIds.map((id) => lab.laboratory.processId(id));
      const look = () => pids.map((pid) => ({ mib: residentMiB(pid), sockets: openSockets(pid) }));
      // The first runs load code and size the heap.
      for (let run = 0; run < 3; run += 1) await lab.run({ ...body, ordering: 'fifo' });
      const before = look();
      for (let run = 0; run < RUNS; run += 1) {
        const comparison = await lab.run({
          ...body,
          ordering: run % 2 === 0 ? 'fifo' : 'unordered',
        });
        expect(comparison.perPeer.map(({ delivered }) => delivered)).toEqual([200, 200, 200, 200]);
      }
      const after = look();
      after.forEach(({ mib, sockets }, index) => {
        expect(sockets).toBeLessThanOrEqual(before[index]!.sockets + 3);
        expect(mib).toBeLessThan(before[index]!.mib + 30);
      });
      const peers = await lab.store.list('peers');
      expect(peers.length).toBe(4);
    },
  );
});
