import type { FindingName } from '../../simulation/check/finding.ts';

/** What each finding's name asks of an ordering, which did not do it. */
export const MEANINGS: Readonly<Record<FindingName, string>> = {
  failed: 'an ordering must not throw',
  endless: 'an ordering must come back, and calm down',
  liveness: 'once faults stop, who lives delivers what those who live multicast',
  excluded: 'who is excluded is excluded by enough others that go on',
  sharing: 'members reach each other by packets alone',
  sorting: 'an ordering must deliver as it goes',
  unobserved: 'what is declared must be seen in some schedule',
  reset: 'a run must begin anew, with nothing of the one before',
  unrepeatable: 'the same schedule must come out the same again',
  integrity: 'none twice, invented, altered or too early',
  validity: 'a peer delivers what it multicasts',
  agreement: 'all peers that live deliver the same messages',
  uniformAgreement: 'what any peer delivered, also one that crashed, all that live deliver',
  fifo: "each sender's messages in its order",
  causal: 'no message before one that its sender knew',
  total: 'no two messages in opposite orders',
  uniformTotal: 'no two messages in opposite orders, also at peers that crashed',
  gapFree: "one peer's sequence begins with another's",
};
