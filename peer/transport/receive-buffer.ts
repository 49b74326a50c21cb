/** The largest receive buffer that Linux grants by default: net.core.rmem_max, doubled (socket(7)). */
export const GRANTED_BYTES_DEFAULT = 2 * 212_992;
/**
 * What a datagram takes of that buffer besides its own bytes: 2,304 bytes in all for one of 1,200, and
 * for a large one up to as many again, as memory is given in powers of two.
 */
const OVERHEAD_BYTES_MIN = 1_104;
/** The share of the buffer that is promised; the rest is for credit, answers and tries, which ask for none. */
const PROMISED_SHARE = 3 / 4;

/** How many datagrams of `datagramBytes` may be promised room in a receive buffer of `bufferBytes`. */
export function datagramsInBuffer(datagramBytes: number, bufferBytes: number): number {
  const takenBytes = datagramBytes + Math.max(OVERHEAD_BYTES_MIN, datagramBytes);
  return Math.floor((PROMISED_SHARE * bufferBytes) / takenBytes);
}
