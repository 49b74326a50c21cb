import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RegistryEntry } from '../control/documents.ts';

/** When a peer's port is asked: the refusal of one datagram is reported by the next. */
const ASK_AFTER_MS = [0, 2, 8] as const;
const LOOPBACK = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/**
 * The peers of `peers` that are still there. A heartbeat tells that a peer lived up to 15 s ago; for a
 * peer on this machine, its UDP port tells whether it lives now: the system answers a datagram to a
 * port without a socket with "connection refused" (udp(7)), and a killed process has no socket. Nothing
 * can be told that way of peers on other machines, and they count as there.
 */
export async function presentPeers(peers: readonly RegistryEntry[]): Promise<RegistryEntry[]> {
  const isThere = await Promise.all(peers.map(hasSocket));
  return peers.filter((_peer, place) => isThere[place]);
}

async function hasSocket({ host, port }: RegistryEntry): Promise<boolean> {
  if (!LOOPBACK.test(host)) return true;
  const socket = createSocket('udp4');
  let isRefused = false;
  const note = (error: NodeJS.ErrnoException | null): void => {
    isRefused ||= error?.code === 'ECONNREFUSED';
  };
  socket.on('error', note);
  try {
    await new Promise<void>((resolve) => socket.connect(port, host, resolve));
    for (const pauseMs of ASK_AFTER_MS) {
      await sleep(pauseMs);
      note(await send(socket));
      if (isRefused) return false;
    }
    return true;
  } finally {
    socket.close();
  }
}

/** Sends a datagram of no bytes, which peers drop; gives what the system said. */
function send(socket: Socket): Promise<Error | null> {
  return new Promise((resolve) => socket.send('', resolve));
}
