import type { Decision, LogBeginning, Pledge, Standing } from './membership-acceptor.ts';
import { wordsToMembers, type Parcel } from './membership-parcel.ts';
import type { Message } from '../message.ts';

/** In the vectors of viewPrepare and viewPromise, what comes before anything else: how much is agreed on, and the digest. */
const STANDING_WORDS = 3;

/** How far its sender is, from a viewPrepare or a viewPromise. */
export function readStanding({ timestamp, position, vector }: Message): Standing {
  const [agreed = 0, first = 0, second = 0] = vector;
  return { epoch: timestamp, agreed, length: position, digest: { first, second } };
}

/** What `member` knows, from its viewPromise. */
export function readPledge(member: number, { header, entries }: Parcel): Pledge {
  const [start = 0, logLength = 0] = header.vector.slice(STANDING_WORDS);
  return {
    member,
    ...readStanding(header),
    start,
    log: entries.slice(0, logLength),
    state: entries.slice(logLength),
  };
}

/** What a viewRefuse tells. */
export function readRefusal({ header, entries }: Parcel): LogBeginning {
  const [first = 0, second = 0] = header.vector;
  return { length: header.position, digest: { first, second }, log: entries };
}

/** The decision in a viewAccept. */
export function readDecision({ header, entries }: Parcel): Decision {
  const [start = 0, logLength = 0, ...words] = header.vector;
  return {
    view: { epoch: header.epoch, members: wordsToMembers(words) },
    start,
    log: entries.slice(0, logLength),
    known: entries.slice(logLength),
  };
}
