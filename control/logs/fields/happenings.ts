/**
 * What a line of a log says to have happened to a message. A `deferred` delivery is one that is still to
 * come, or that was before, as in "waiting to deliver" and "already delivered".
 */
export const HAPPENING = {
  unsaid: 0,
  delivery: 1,
  multicast: 2,
  arrival: 3,
  other: 4,
  deferred: 5,
} as const;
export type Happening = (typeof HAPPENING)[keyof typeof HAPPENING];

/**
 * What denies a delivery, and what puts it off or calls it an earlier one: a word, or a phrase of them. With a hyphen
 * `TO-deliver` is the delivery in total order, as papers call it; "to deliver" is one that is still to come.
 */
const DENIED = /^(?:(?:un|non|not|cannot|cant)[-_.]?deliver|not )/;
const DEFERRED =
  /^(?:(?:for|will|can|may|must|should|already|before|after|pre|try)[-_. ]|to |to[-_.]be[-_.])(?:be[-_. ])?\S*(?:deliver|dlvr)/;

const DELIVERY = /^(?!un|non|not)([a-z]{0,5})[-_.]?(?:deliver(?:s|y|ed|ing)?|dlvr?|deliveries)$/;
const MULTICAST = /^(?:[a-z]{0,5}[-_.]?)?(?:multi|broad|m|b)cast(?:s|ed|ing)?$/;
const ARRIVAL = /^(?:rx|recv|rcvd?|recvd|receive[ds]?|receiving|reception|arrive[ds]?|arrival)$/;
const OTHER = new RegExp(
  '^(?:tx|snd|sends?|sent|sending|n?acks?|n?acked|acknowledge[ds]?|drop(?:s|ped)?|enqueued?|queued?|' +
    'buffer(?:s|ed)?|hold|held|forward(?:s|ed)?|retransmit(?:s|ted)?|crash(?:ed)?|start(?:ed)?|' +
    'stop(?:ped)?|propose[ds]?|order(?:ed)?|heartbeat|hello|token|undeliver(?:ed|able))$',
);

/** What stands around a verb in the name of an event, such as "message.delivered" and "MessageSent". */
const OF_MESSAGE = /^(?:message|msg|packet)[-_.]?(?=[a-z])|(?<=[a-z])[-_.]?(?:message|msg|packet)$/;

/**
 * The words looked up so far: logs have few, so that each is looked at once unless there are more than
 * these.
 */
const known = new Map<string, Happening>();
const KNOWN_MAX = 10_000;

/** What `word` says to have happened, in large or small letters, as in `not delivered`; `unsaid`: nothing of the kind. */
export function happeningOf(word: string): Happening {
  const before = known.get(word);
  if (before !== undefined) return before;
  const happening = classify(word.toLowerCase().replace(OF_MESSAGE, '').replace(/^:/, ''));
  if (known.size < KNOWN_MAX) known.set(word, happening);
  return happening;
}

function classify(word: string): Happening {
  if (DENIED.test(word)) return HAPPENING.other;
  if (DEFERRED.test(word)) return HAPPENING.deferred;
  if (DELIVERY.test(word)) return HAPPENING.delivery;
  if (MULTICAST.test(word)) return HAPPENING.multicast;
  if (ARRIVAL.test(word)) return HAPPENING.arrival;
  return OTHER.test(word) ? HAPPENING.other : HAPPENING.unsaid;
}

/** What stands before "deliver" in a word that says so, such as `urb` in `urb-deliver`: the layer that delivers. */
export function deliveringLayer(word: string): string {
  return DELIVERY.exec(word.toLowerCase())?.[1] ?? '';
}
