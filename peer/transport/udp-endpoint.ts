import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Libc } from './native/libc.ts';
import { openJoiningSocket } from './native/native-socket.ts';
import { receiveOverflows } from './receive-overflows.ts';

/** The default buffer holds 92 datagrams; a burst from 63 others needs more. */
const ASKED_BYTES = 4 * 1024 * 1024;

/** The daemon's one receiving socket, which lives as long as the daemon. */
export interface UdpEndpoint {
  readonly port: number;
  /** What the system granted of the receive buffer that was asked for. */
  readonly receiveBufferBytes: number;
  /** How many datagrams found that buffer full until now; 0 where the system does not tell. */
  overflows(): number;
  close(): Promise<void>;
}

/**
 * Binds UDP `host`:`port` (0: any free port) and hands what comes on: a datagram at a time, or, with `libc`, as many
 * of one sender as the system gives in one piece (`takeApart`). Throws when the address cannot be bound; what goes
 * wrong later is told to `onError`.
 */
export async function openUdpEndpoint(
  host: string,
  port: number,
  onBytes: (bytes: Uint8Array) => void,
  onError: (error: Error) => void,
  libc: Libc | null = null,
): Promise<UdpEndpoint> {
  const socket = await bound(host, port, libc);
  socket.setRecvBufferSize(ASKED_BYTES);
  // Views of a plain array are made faster than those of a Buffer, and a datagram has many.
  socket.on('message', ({ buffer, byteOffset, length }) => {
    onBytes(new Uint8Array(buffer, byteOffset, length));
  });
  socket.on('error', onError);
  const ownPort = socket.address().port;
  return {
    port: ownPort,
    receiveBufferBytes: socket.getRecvBufferSize(),
    overflows: () => receiveOverflows(ownPort),
    close: () => closeSocket(socket),
  };
}

async function bound(host: string, port: number, libc: Libc | null): Promise<Socket> {
  const type = familyOf(host);
  if (libc !== null) return openJoiningSocket(libc, type, host, port);
  const socket = createSocket(type);
  socket.bind({ address: host, port });
  await once(socket, 'listening');
  return socket;
}

export function familyOf(host: string): 'udp4' | 'udp6' {
  return host.includes(':') ? 'udp6' : 'udp4';
}

export async function closeSocket(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}
