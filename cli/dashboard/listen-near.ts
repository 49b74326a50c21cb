import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is served to this machine is served to nobody else. */
export const HOST = '127.0.0.1';

/** Listens on 127.0.0.1 at the port that is wanted, or at a free one where that is taken; gives the port. */
export async function listenNear(server: Server, wanted: number): Promise<number> {
  try {
    return await listening(server, wanted);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return listening(server, 0);
  }
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
