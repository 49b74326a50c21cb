import { loadLibc } from '../../peer/transport/native/libc.ts';
import { BenchSession } from './bench-session.ts';
import type { MemberFigures } from './member-figures.ts';
import type { MemberTask } from './member-task.ts';
import { residentMiBMaxOf } from './resident-memory.ts';

/**
 * One member of a bench, in a process of its own. For each run it is told its `MemberTask`, says its port, is told the
 * ports of all, and says its figures. MPCOMM_TRANSPORT is as for the daemon, but that nothing takes the
 * native transport's place where there is none.
 */
const libc = process.env['MPCOMM_TRANSPORT'] === 'native' ? await loadLibc() : null;
let session: BenchSession | null = null;

type Told = { readonly task: MemberTask } | { readonly ports: number[]; readonly atMs: number };

async function open(task: MemberTask): Promise<void> {
  // Until now it answered members that had not ended the run before.
  await session?.close();
  session = null;
  // A peer collects what a run left before the next one as well (peer/duty/leisure.ts).
  globalThis.gc?.({ type: 'major', execution: 'sync' });
  session = await BenchSession.open(task, libc);
  process.send!({ port: session.port });
}

async function begin(ports: readonly number[], createdAtMs: number): Promise<void> {
  const cpuBefore = process.cpuUsage();
  const { recorder, datagrams } = await session!.run(ports, createdAtMs);
  const cpu = process.cpuUsage(cpuBefore);
  const figures: MemberFigures = {
    deliveries: recorder.distinct,
    perSecond: recorder.perSecond,
    orderHash: `${recorder.delivered.first}-${recorder.delivered.second}`,
    cpuUs: cpu.user + cpu.system,
    ownP50Ms: recorder.ownMs(50),
    ownP99Ms: recorder.ownMs(99),
    datagrams,
    residentMiBMax: residentMiBMaxOf('self'),
  };
  process.send!({ figures });
}

process.on('disconnect', () => process.exit(0));
process.on('message', (told: Told) => {
  void ('task' in told ? open(told.task) : begin(told.ports, told.atMs));
});
