import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** The default buffer holds 92 datagrams; a burst from 31 peers needs more. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** The daemon's one receiving socket, which lives as long as the daemon. */
export interface UdpEndpoint {
  readonly port: number;
  /** What the system granted of the receive buffer that was asked for. */
  readonly receiveBufferBytes: number;
  close(): Promise<void>;
}

/**
 * Binds UDP `host`:`port` (0: any free port) and hands every datagram on. Throws when the address
 * cannot be bound; what goes wrong later is told to `onError`.
 */
export async function openUdpEndpoint(
  host: string,
  port: number,
  onDatagram: (datagram: Uint8Array) => void,
  onError: (error: Error) => void,
): Promise<UdpEndpoint> {
  const socket = createSocket({ type: familyOf(host), recvBufferSize: RECEIVE_BUFFER_BYTES });
  socket.bind({ address: host, port });
  await once(socket, 'listening');
  // Views of a plain array are made faster than those of a Buffer, and a datagram has many.
  socket.on('message', ({ buffer, byteOffset, length }) => {
    onDatagram(new Uint8Array(buffer, byteOffset, length));
  });
  socket.on('error', onError);
  return {
    port: socket.address().port,
    receiveBufferBytes: socket.getRecvBufferSize(),
    close: () => closeSocket(socket),
  };
}

export function familyOf(host: string): 'udp4' | 'udp6' {
  return host.includes(':') ? 'udp6' : 'udp4';
}

export async function closeSocket(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}
