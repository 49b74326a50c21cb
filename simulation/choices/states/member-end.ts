import type { Blockage } from '../../../core/ordering.ts';
import type { MemberSoFar } from '../../run/run-so-far.ts';
import type { OrderingFailure } from '../../simulation-result.ts';
import type { EndNumbers } from './end-numbers.ts';
import type { LiveMember } from './live-member.ts';

/** What a member had come to when nothing was left to happen. */
export interface MemberEnd extends MemberSoFar {
  readonly failure: OrderingFailure | null;
  /** Ends with the same number are the same to the judge. */
  readonly number: number;
}

/** What it waited for is not asked: that is told of a schedule which is run once more by itself. */
const NOT_ASKED: { blockage?(): Blockage | null } = {};

export function memberEndOf({ member, failure }: LiveMember, numbers: EndNumbers): MemberEnd {
  const { running, record, schedule } = member;
  const end = { running, record, schedule: { sentAll: schedule.sentAll }, ordering: NOT_ASKED };
  return { ...end, failure, number: numbers.of(textOf(end, failure)) };
}

function textOf(
  { running, record, schedule }: MemberSoFar,
  failure: OrderingFailure | null,
): string {
  const { senders, sequences, deliveredBefore, contents } = record.sequence;
  const wrong = Array.from({ length: contents.count }, (_, index) => contents.at(index));
  const { firstPremature } = record;
  const { name, message } = failure?.error ?? { name: '', message: '' };
  return JSON.stringify([
    [senders.join(), sequences.join(), deliveredBefore.join(), contents.positions.join()],
    wrong.map(({ length, head, hash }) => [length, head.join(), hash.high, hash.low]),
    [firstPremature, running, schedule.sentAll, name, message],
  ]);
}
