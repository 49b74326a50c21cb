import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { AF_INET, AF_INET6, type Libc } from './libc.ts';

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0x800;
const SOCK_CLOEXEC = 0x8_0000;
const SOL_UDP = 17;
const UDP_GRO = 104;

/** A socket of Node, and the number by which the system knows it. */
export interface NativeSocket {
  readonly socket: Socket;
  readonly fd: number;
}

/** Opens a socket and gives it to Node, which from then on reads from it, and closes it. */
export async function openNativeSocket(
  libc: Libc,
  type: 'udp4' | 'udp6',
  prepare: (fd: number) => void = () => undefined,
): Promise<NativeSocket> {
  const family = type === 'udp6' ? AF_INET6 : AF_INET;
  const fd = libc.openSocket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC);
  try {
    prepare(fd);
  } catch (error) {
    libc.close(fd);
    throw error;
  }
  const socket = createSocket({ type });
  // Node says so at once, before `bind` returns.
  const listening = once(socket, 'listening');
  socket.bind({ fd });
  await listening;
  return { socket, fd };
}

/**
 * The same, bound to `host`:`port`; the kernel may give several datagrams of one sender in one piece (UDP_GRO, "generic
 * receive offload"): each read is then up to 65,507 bytes.
 */
export async function openJoiningSocket(
  libc: Libc,
  type: 'udp4' | 'udp6',
  host: string,
  port: number,
): Promise<Socket> {
  const { address } = await lookup(host, { family: type === 'udp6' ? 6 : 4 });
  const { socket } = await openNativeSocket(libc, type, (fd) => {
    libc.setOption(fd, SOL_UDP, UDP_GRO, 1);
    libc.bind(fd, address, port);
  });
  return socket;
}
