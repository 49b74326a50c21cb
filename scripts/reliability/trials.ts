import { concurrentRequests } from './concurrent-requests.ts';
import { cutStream } from './cut-stream.ts';
import { exitRace } from './exit-race.ts';
import { hostileDatagrams } from './hostile-datagrams.ts';
import { kills } from './kills.ts';
import { malformedRequests } from './malformed-requests.ts';
import { busRestart, databaseOutage } from './outages.ts';
import { overload } from './overload.ts';
import { pauses } from './pauses.ts';
import { redelivery } from './redelivery.ts';
import { repeatedWrites } from './repeated-writes.ts';
import { silentSubscription } from './silent-subscription.ts';
import { soak } from './soak.ts';
import type { Trial } from './trial.ts';

/** Every trial, in the order in which `all` conducts them: the long one last. */
export const TRIALS: readonly Trial[] = [
  concurrentRequests,
  malformedRequests,
  redelivery,
  cutStream,
  busRestart,
  databaseOutage,
  repeatedWrites,
  pauses,
  overload,
  silentSubscription,
  exitRace,
  kills,
  hostileDatagrams,
  soak,
];
