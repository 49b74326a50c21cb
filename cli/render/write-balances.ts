import { writeFile } from 'node:fs/promises';
import { drawBalances } from '../../charts/balances.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { Failure, messageOf } from '../shell/failure.ts';
import type { Terminal } from '../shell/terminal.ts';

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
  try {
    await writeFile(path, drawBalances(comparison));
  } catch (error) {
    throw new Failure(`--balances ${path} cannot be written: ${messageOf(error)}`);
  }
  terminal.note(`Balances over time: ${path}`);
}
