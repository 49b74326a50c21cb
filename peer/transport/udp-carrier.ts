import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { PlannedMember } from '../../control/command.ts';
import type { Carrier } from './datagram-channel.ts';
import type { Libc } from './native/libc.ts';
import { NativeCarrier } from './native/native-carrier.ts';
import { type NativeSocket, openNativeSocket } from './native/native-socket.ts';
import { closeSocket, familyOf } from './udp-endpoint.ts';

/** The longest time that looking up a member's host name may take, so that it does not hold up the run. */
const CONNECT_MS_MAX = 5_000;

/**
 * A connected socket for each other member: cheaper than naming the address each time, and the kernel
 * looks the route up once. Replies come to the daemon's own endpoint, never to these.
 *
 * A member that cannot be reached yet, or died, makes sends fail; that is loss, which the layers
 * above handle, so those errors are dropped here. With `libc`, datagrams leave by the native transport.
 */
export async function openUdpCarrier(
  self: number,
  members: readonly PlannedMember[],
  onError: (error: Error) => void,
  libc: Libc | null = null,
): Promise<Carrier> {
  if (libc !== null) return openNativeCarrier(libc, self, members, onError);
  const open = (type: 'udp4' | 'udp6') => Promise.resolve({ socket: createSocket(type) });
  const sockets = (await connectAll(self, members, open, onError)).map((each) => each?.socket);
  return {
    losses: 0,
    send: (to, datagram) => {
      const socket = sockets[to];
      if (!socket) return false;
      // Whether it is refused is not asked: then it is lost, as any other may be.
      socket.send(datagram);
      // The system mostly takes it at once; otherwise Node keeps it in a queue, and sends it from there.
      return socket.getSendQueueCount() > 0;
    },
    close: () => {
      for (const socket of sockets) if (socket) void closeSocket(socket);
    },
  };
}

async function openNativeCarrier(
  libc: Libc,
  self: number,
  members: readonly PlannedMember[],
  onError: (error: Error) => void,
): Promise<Carrier> {
  const open = (type: 'udp4' | 'udp6'): Promise<NativeSocket> => openNativeSocket(libc, type);
  const sockets = await connectAll(self, members, open, onError);
  return new NativeCarrier(libc, sockets, () => {
    for (const each of sockets) if (each) void closeSocket(each.socket);
  });
}

/** A connected socket for each member, opened by `open`; `null` for this one, and for who cannot be reached. */
function connectAll<T extends { readonly socket: Socket }>(
  self: number,
  members: readonly PlannedMember[],
  open: (type: 'udp4' | 'udp6') => Promise<T>,
  onError: (error: Error) => void,
): Promise<(T | null)[]> {
  return Promise.all(
    members.map(async (member, index) => {
      if (index === self) return null;
      const opened = await open(familyOf(member.host));
      return (await connect(opened.socket, member, onError)) ? opened : null;
    }),
  );
}

/** Whether `socket` is connected to the member; otherwise it is closed, and `onError` told. */
async function connect(
  socket: Socket,
  member: PlannedMember,
  onError: (error: Error) => void,
): Promise<boolean> {
  try {
    const connected = once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS_MAX) });
    socket.connect(member.port, member.host);
    await connected;
  } catch (error) {
    socket.close();
    onError(new Error(`no socket to ${member.peerId} at ${member.host}`, { cause: error }));
    return false;
  }
  // A dead member's host answers with ICMP "port unreachable", which surfaces here.
  socket.on('error', () => undefined);
  // These sockets only send: their datagrams must not keep a finished daemon alive.
  socket.unref();
  return true;
}
