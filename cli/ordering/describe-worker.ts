import { parentPort, workerData } from 'node:worker_threads';
import { bareOf } from '../../core/channels/reliable-link.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { messageOf } from '../shell/failure.ts';
import { openOrdering } from './ordering-source.ts';
import { spareProcess } from './spare-process.ts';

/** What an ordering from a file says of itself, as plain data. */
export interface Described {
  readonly entry: Pick<
    OrderingEntry,
    'name' | 'summary' | 'guarantees' | 'retransmits' | 'survives'
  >;
  /** Whether it stands on a reliable link. */
  readonly hasLink: boolean;
}

/** The one answer of the thread. */
export type DescribeAnswer = Described | { readonly problem: string };

async function describe(file: string): Promise<DescribeAnswer> {
  try {
    const { create, name, summary, guarantees, retransmits, survives } = await openOrdering({
      ordering: file,
    });
    const entry = { name, summary, guarantees, retransmits, survives };
    return { entry, hasLink: bareOf(create) !== null };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

if (parentPort !== null) {
  spareProcess();
  parentPort.postMessage(await describe(workerData as string));
}
