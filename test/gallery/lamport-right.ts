import { reliable } from '../../core/channels/reliable-link.ts';
import { LamportBase } from '../../examples/broken/lamport-base.ts';

/** What the broken ones of the gallery were before they were broken: `check` must not object to it. */
export const create = reliable((group, out) => new LamportBase(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'causal', 'total'];
