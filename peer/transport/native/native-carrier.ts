import type { Carrier } from '../datagram-channel.ts';
import type { Libc } from './libc.ts';
import type { NativeSocket } from './native-socket.ts';
import { SegmentBatch } from './segment-batch.ts';

/** One receiver: the connected socket to it, and what is gathered for it. */
interface Link extends NativeSocket {
  readonly batch: SegmentBatch;
}

/**
 * Gathers what is sent until it is told to flush, or else until the running callback of the event loop is over, and then
 * hands all that goes to one receiver to the kernel in one call.
 *
 * What the kernel does not take in this way goes by Node's own `send` from the same socket: that keeps in a
 * queue what does not fit the system's buffer, and loses what cannot be sent at all. Nothing is waited for.
 */
export class NativeCarrier implements Carrier {
  readonly losses = 0;
  readonly #libc: Libc;
  /** `null` for this member itself, and for who cannot be reached. */
  readonly #links: readonly (Link | null)[];
  readonly #closeAll: () => void;
  readonly #flushLater = (): void => this.flush();
  #isPlanned = false;

  constructor(libc: Libc, sockets: readonly (NativeSocket | null)[], closeAll: () => void) {
    this.#libc = libc;
    this.#closeAll = closeAll;
    this.#links = sockets.map(
      (socket) => socket && { ...socket, batch: new SegmentBatch(libc.addressOf) },
    );
  }

  send(to: number, datagram: Uint8Array): boolean {
    const link = this.#links[to];
    if (!link) return false;
    if (!link.batch.add(datagram)) {
      this.#sendBatch(link);
      link.batch.add(datagram);
    }
    if (!this.#isPlanned) {
      this.#isPlanned = true;
      queueMicrotask(this.#flushLater);
    }
    return false;
  }

  /** Sends what is gathered, and then nothing more. */
  close(): void {
    this.flush();
    this.#closeAll();
  }

  flush(): void {
    this.#isPlanned = false;
    for (const link of this.#links) if (link && link.batch.pieces > 0) this.#sendBatch(link);
  }

  #sendBatch({ fd, socket, batch }: Link): void {
    // What waits in Node's queue must not be overtaken by what came later.
    const isFree = socket.getSendQueueCount() === 0;
    let sent = 0;
    while (isFree && sent < batch.pieces) {
      const taken = this.#libc.sendMessages(fd, batch.addressOfHeader(sent), batch.pieces - sent);
      if (taken === 0) break;
      sent += taken;
    }
    for (const datagram of batch.datagramsFrom(sent)) socket.send(datagram);
    batch.clear();
  }
}
