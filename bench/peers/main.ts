import { parseArgs } from 'node:util';
import { DATAGRAM_BYTES_MAX, DATAGRAM_BYTES_TOLD_MAX } from '../../core/wire/datagram.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { median, type RunFigures } from './figures.ts';
import { runMembers } from './run-members.ts';

/**
 * Ordered deliveries a second at each member, side by side: the bare prototype and this project's
 * orderings, in turns, so that what else the machine does falls on all alike.
 * `node bench/peers/main.ts [--peers N] [--messages M] [--bytes B] [--rounds R] [--datagram B] [--json]
 * [ordering...]`
 *
 * All members on this machine, over loopback, each multicasting as fast as it can.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'string', default: '4' },
    messages: { type: 'string', default: '50000' },
    bytes: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
    interval: { type: 'string', default: '0' },
    datagram: { type: 'string', default: String(DATAGRAM_BYTES_MAX) },
    json: { type: 'boolean', default: false },
  },
});
const { messages, bytes, interval, datagram } = values;
const peers = Number(values.peers);
const expected = peers * Number(messages);
const names = positionals.length > 0 ? positionals : [...ORDERINGS.keys()];
const unknown = names.find((name) => !ORDERINGS.has(name));
if (unknown !== undefined) {
  console.error(`there is no ordering ${unknown}; allowed: ${[...ORDERINGS.keys()].join(', ')}`);
  process.exit(2);
}

if (!(Number(datagram) >= DATAGRAM_BYTES_MAX && Number(datagram) <= DATAGRAM_BYTES_TOLD_MAX)) {
  console.error(
    `--datagram has ${DATAGRAM_BYTES_MAX} to ${DATAGRAM_BYTES_TOLD_MAX} bytes, not ${datagram}`,
  );
  process.exit(2);
}

const runs: RunFigures[] = [];
for (let round = 0; round < Number(values.rounds); round += 1) {
  // The bare prototype gets ten times as many messages: it is about ten times faster, and a run of 0.1
  // s would say little.
  const bareMessages = String(10 * Number(messages));
  tell(
    await runMembers('bare-sequencer', './bare-member.ts', peers, 10 * expected, [
      bareMessages,
      bytes,
    ]),
  );
  for (const name of names) {
    tell(
      await runMembers(name, './ours-member.ts', peers, expected, [
        messages,
        bytes,
        name,
        interval,
        datagram,
      ]),
    );
  }
}
if (values.json) console.log(JSON.stringify({ peers, messages, bytes, datagram, runs }, null, 2));
else table();

function tell(figures: RunFigures): void {
  runs.push(figures);
  if (!values.json) console.error(JSON.stringify(figures));
}

function table(): void {
  const bare = medianOf('bare-sequencer');
  console.log('system             deliveries/s   of bare   lowest..highest');
  for (const system of ['bare-sequencer', ...names]) {
    const each = runs.filter((run) => run.system === system).map((run) => run.perSecond);
    const share = (medianOf(system) / bare).toFixed(2);
    const spread = `${Math.min(...each)}..${Math.max(...each)}`;
    console.log(
      `${system.padEnd(18)} ${String(medianOf(system)).padStart(12)} ${share.padStart(9)}   ${spread}`,
    );
  }
}

function medianOf(system: string): number {
  return median(runs.filter((run) => run.system === system).map((run) => run.perSecond));
}
