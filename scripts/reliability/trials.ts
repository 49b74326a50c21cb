import { concurrentRequests } from './trials/concurrent-requests.ts';
import { cutStream } from './trials/cut-stream.ts';
import { exitRace } from './trials/exit-race.ts';
import { hostileDatagrams } from './trials/hostile-datagrams.ts';
import { kills } from './trials/kills.ts';
import { malformedRequests } from './trials/malformed-requests.ts';
import { busRestart, databaseOutage } from './trials/outages.ts';
import { overload } from './trials/overload.ts';
import { pauses } from './trials/pauses.ts';
import { redelivery } from './trials/redelivery.ts';
import { repeatedWrites } from './trials/repeated-writes.ts';
import { silentSubscription } from './trials/silent-subscription.ts';
import { slowMember } from './trials/slow-member.ts';
import { soak } from './trials/soak.ts';
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
  slowMember,
  silentSubscription,
  exitRace,
  kills,
  hostileDatagrams,
  soak,
];
