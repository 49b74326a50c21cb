import type { Message } from '../../core/message.ts';
import type { Fault } from '../scenario.ts';

/**
 * Why a packet did not reach an ordering: `loss` (the network's), `partition`, `crashed` (its receiver
 * had stopped), `overflow` (the socket of a paused receiver was full), `incarnation` (its sender came back
 * after a crash, and is no member any more).
 */
export type DropReason = 'loss' | 'partition' | 'crashed' | 'overflow' | 'incarnation';

/**
 * Is told what happens in a simulated run, as it happens; a method that is left out costs nothing.
 * Times are microseconds of true virtual time. An observer must not call an ordering.
 */
export interface Observer {
  /** The application of `member` multicasts `count` messages together: they are told next, and then what comes of them. */
  burst?(atUs: number, member: number, count: number): void;
  /** The application of `member` multicasts `message`; its sends and deliveries follow, of a burst after its last message. */
  multicast?(atUs: number, member: number, message: Message): void;
  /** `from` puts a packet on the network. It arrives at `arrivesAtUs`; Infinity: `drop` follows. */
  send?(atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void;
  /** The network makes a second copy of the packet just sent, which arrives at `arrivesAtUs`. */
  repeat?(atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void;
  /** A packet is handed to the ordering of `to`: on arrival, or when a paused receiver resumes. */
  arrive?(atUs: number, from: number, to: number, message: Message): void;
  /**
   * A layer hands a packet that arrived, now or before, on to the ordering that it wraps: a reliable link waits
   * for what was sent before it. What arrives outside any channel is not handed on in this way.
   */
  hand?(atUs: number, from: number, to: number, message: Message): void;
  drop?(atUs: number, from: number, to: number, message: Message, reason: DropReason): void;
  deliver?(atUs: number, member: number, message: Message): void;
  /** The time of `deadline` came: `advance` of the member's ordering is called. */
  advance?(atUs: number, member: number): void;
  crash?(atUs: number, member: number): void;
  /** A new process takes the place of `member`, which had crashed. */
  restart?(atUs: number, member: number): void;
  pause?(atUs: number, member: number): void;
  resume?(atUs: number, member: number): void;
  /** A partition or a clogged path begins, or ends. */
  pathFault?(atUs: number, fault: Fault, begins: boolean): void;
  /** The ordering of `member` threw; the member does nothing any more. */
  fail?(atUs: number, member: number, error: Error): void;
}
