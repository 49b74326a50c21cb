import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { randomBytes } from 'node:crypto';
import { datagramsInBuffer } from './receive-buffer.ts';
import { closeSocket, familyOf } from './udp-endpoint.ts';

/**
 * The lengths that are tried, longest first. Loopback has an MTU of 65,536 bytes on Linux
 * (drivers/net/loopback.c) and of 16,384 on macOS, which sends no datagram of more than 9,216 unless it is
 * told to (net.inet.udp.maxdgram).
 */
const LENGTHS = [32_000, 16_000, 8_000, 4_000] as const;
/**
 * A receive buffer has to hold two datagrams of each of 15 other members. Of more members, each is promised room for two all
 * the same (peer/run/flow/grants.ts), so that some are lost if all come at once.
 */
const DATAGRAMS_IN_BUFFER_MIN = 2 * 15;
/** Loopback takes less than a millisecond, and a busy machine some time to look. */
const WAIT_MS = 1_000;

/**
 * The longest datagram that this machine's loopback carries, of those that are tried: one that was sent from
 * `host` to itself and came back whole. `null` where `host` is no address of loopback, since paths to other
 * machines cannot be tried alone, or where none came back. `bufferBytes`: of the socket that will receive.
 */
export async function discoverLoopbackDatagram(
  host: string,
  bufferBytes: number,
): Promise<number | null> {
  if (!isLoopback(host)) return null;
  for (const length of LENGTHS) {
    if (datagramsInBuffer(length, bufferBytes) < DATAGRAMS_IN_BUFFER_MIN) continue;
    if (await comesBack(host, length)) return length;
  }
  return null;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** Whether a datagram of `length` bytes that is sent from `host` to itself comes back as it was. */
async function comesBack(host: string, length: number): Promise<boolean> {
  const socket = createSocket(familyOf(host));
  const sent = randomBytes(length);
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    socket.bind({ address: host, port: 0 });
    await once(socket, 'listening', { signal });
    const arrival = once(socket, 'message', { signal });
    socket.send(sent, socket.address().port, host, (error) => {
      if (error !== null) socket.emit('error', error);
    });
    const [received] = (await arrival) as [Buffer];
    return received.equals(sent);
  } catch {
    // A system that sends no datagram of this length says so, or loses it.
    return false;
  } finally {
    await closeSocket(socket);
  }
}
