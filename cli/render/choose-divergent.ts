import type { Comparison } from '../../control/comparison-document.ts';

type Delivery = NonNullable<Comparison['firstDivergence']>['deliveries'][number];

/** Of a group that is larger, not everybody is shown. */
const ALL_MAX = 16;
const SHOWN = 8;

/**
 * The peers whose deliveries in the first disagreement are shown: all of a small group; of a large one eight, in their order,
 * among them one for each message that was delivered there, as far as there is room.
 */
export function chooseDivergent(deliveries: readonly Delivery[]): Delivery[] {
  if (deliveries.length <= ALL_MAX) return [...deliveries];
  const byMessage = new Map(deliveries.toReversed().map((each) => [nameOf(each), each]));
  const distinct = deliveries.filter((each) => byMessage.get(nameOf(each)) === each);
  const others = deliveries.filter((each) => !distinct.includes(each));
  const shown = new Set([...distinct, ...others].slice(0, SHOWN));
  return deliveries.filter((each) => shown.has(each));
}

function nameOf({ message }: Delivery): string {
  return message === null ? '' : `${message.sender} ${message.sequence}`;
}
