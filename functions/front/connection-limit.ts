import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Bounds the connections of a server so that nobody is locked out by connections that do nothing: one
 * too many ends the connection that has waited longest for its client, which may have sent nothing, half
 * a header or half a body. Only where all of them are being worked on is the new one refused.
 *
 * Node's own `maxConnections` refuses whoever comes last, so that as many idle connections as it allows
 * keep everybody away for as long as they like.
 */
export class ConnectionLimit {
  readonly #connectionsMax: number;
  /** How many requests of each connection are being worked on; the longest idle connection first. */
  readonly #requests = new Map<Socket, number>();

  constructor(server: Server, connectionsMax: number) {
    this.#connectionsMax = connectionsMax;
    server.on('connection', (socket: Socket) => this.#admit(socket));
  }

  /** A request came whole: until its response is done its connection is not idle. */
  working(socket: Socket, response: ServerResponse): void {
    this.#change(socket, 1);
    response.once('close', () => this.#change(socket, -1));
  }

  #admit(socket: Socket): void {
    this.#requests.set(socket, 0);
    socket.once('close', () => this.#requests.delete(socket));
    if (this.#requests.size <= this.#connectionsMax) return;
    for (const [each, requests] of this.#requests) {
      if (requests > 0) continue;
      this.#requests.delete(each);
      each.destroy();
      return;
    }
  }

  #change(socket: Socket, difference: number): void {
    const requests = this.#requests.get(socket);
    if (requests === undefined) return;
    // To the end of the order: a connection that becomes idle now has waited the least.
    this.#requests.delete(socket);
    this.#requests.set(socket, requests + difference);
  }
}
