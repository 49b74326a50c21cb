import { drawBalances } from '../../charts/balances.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { Failure } from '../shell/failure.ts';
import type { Terminal } from '../shell/terminal.ts';
import { writeNamedFile } from '../shell/write-named-file.ts';

/** Writes the picture of a run's balances over time, and says where. Throws `Failure`. */
export async function writeBalances(
  terminal: Terminal,
  comparison: Comparison,
  path: string,
): Promise<void> {
  if (comparison.bank === null) {
    throw new Failure(
      `--balances: ${comparison.runId ?? 'this'} is a run without a bank; begin one with --workload bank`,
    );
  }
  if (comparison.bank.perPeer.length === 0) {
    throw new Failure(`--balances: no peer of ${comparison.runId ?? 'this run'} wrote anything`);
  }
  await writeNamedFile(path, drawBalances(comparison), '--balances');
  terminal.note(`Balances over time: ${path}`);
}
