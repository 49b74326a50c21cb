import { loadLibc } from '../../peer/transport/native/libc.ts';
import { BenchSession } from './bench-session.ts';
import type { MemberFigures } from './member-figures.ts';
import type { MemberTask } from './member-task.ts';

/**
 * One member of a bench in a process of its own. It is forked with its `MemberTask`, says its port, is told the
 * ports of all, and says its figures. MPCOMM_TRANSPORT is as for the daemon, but that nothing takes the
 * native transport's place where there is none.
 */
const task = JSON.parse(process.argv[2] ?? '') as MemberTask;
const libc = process.env['MPCOMM_TRANSPORT'] === 'native' ? await loadLibc() : null;
const session = await BenchSession.open(task, libc);

async function begin(ports: readonly number[], createdAtMs: number): Promise<void> {
  const cpuBefore = process.cpuUsage();
  const { recorder, datagrams } = await session.run(ports, createdAtMs);
  const cpu = process.cpuUsage(cpuBefore);
  const figures: MemberFigures = {
    deliveries: recorder.distinct,
    perSecond: recorder.perSecond,
    orderHash: `${recorder.deliveredOrder.first}-${recorder.deliveredOrder.second}`,
    cpuUs: cpu.user + cpu.system,
    ownP50Ms: recorder.ownMs(50),
    ownP99Ms: recorder.ownMs(99),
    datagrams,
    residentMiB: process.memoryUsage().rss / 2 ** 20,
  };
  process.send!({ figures });
}

process.on('disconnect', () => process.exit(0));
process.on('message', (told: { ports: number[]; atMs: number }) => {
  void begin(told.ports, told.atMs);
});
process.send!({ port: session.port });
