import { reliable } from '../../core/channels/reliable-link.ts';
import type { Create } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import { Failure } from '../shell/failure.ts';
import type { DescribeAnswer } from './describe-worker.ts';
import { openSource, type OrderingSource } from './ordering-source.ts';
import { startOrderingThread } from './ordering-thread.ts';
import { answerOfLoading } from './refuse-endless.ts';

/**
 * What an ordering says of itself, for a command that has it run on threads of its own. The code of a file does not run in this
 * thread, where it could change what the command prints, or the status with which it ends: the `create` of the entry makes
 * nothing, and only says whether it stands on a reliable link. Throws `Failure`, which says what is wrong and allowed.
 */
export async function describeOrdering(source: OrderingSource): Promise<OrderingEntry> {
  if ('exec' in source || !isOrderingFile(source.ordering)) return openSource(source);
  const file = source.ordering;
  const worker = startOrderingThread(new URL('./describe-worker.ts', import.meta.url), file);
  const answer = await answerOfLoading<DescribeAnswer>(worker, file);
  if ('problem' in answer) throw new Failure(answer.problem);
  return { ...answer.entry, create: answer.hasLink ? reliable(makeNothing) : makeNothing };
}

const makeNothing: Create = () => {
  throw new Error(
    'this thread does not run the ordering, which was only asked what it says of itself',
  );
};
