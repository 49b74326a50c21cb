import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * `pass` copies bytes; `refuse` ends every connection that there is or comes; `swallow` keeps
 * connections open and accepts new ones, while no byte passes in either direction: a black hole.
 */
export type ProxyMode = 'pass' | 'refuse' | 'swallow';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/** A TCP proxy on a free port of 127.0.0.1, in front of another one: the network that fails. */
export class TcpProxy {
  /** Connections that came, and those that were cut. */
  connections = 0;
  cuts = 0;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #mode: ProxyMode = 'pass';

  private constructor(target: string) {
    const [host, port] = target.split(':');
    this.#target = { host: host!, port: Number(port) };
    this.#server = createServer((client) => this.#accept(client));
  }

  /** `target` is `host:port`. */
  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** Its own `host:port`. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get mode(): ProxyMode {
    return this.#mode;
  }

  /** Connections that are in a black hole stay there for good: what was swallowed is lost. */
  set mode(mode: ProxyMode) {
    if (mode === this.#mode) return;
    this.#mode = mode;
    if (mode === 'refuse') this.cut();
    if (mode === 'swallow') for (const link of this.#links) swallow(link);
  }

  /** Puts the connections that there are into a black hole, as a router that forgot them; new ones pass. */
  forget(): void {
    for (const link of this.#links) swallow(link);
  }

  /** Ends every connection now; new ones are taken as before. */
  cut(): void {
    for (const { client, server } of this.#links) {
      this.cuts += 1;
      client.destroy();
      server.destroy();
    }
    this.#links.clear();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #accept(client: Socket): void {
    if (this.#mode === 'refuse') return void client.destroy();
    this.connections += 1;
    const link: Link = { client, server: connect(this.#target) };
    this.#links.add(link);
    const end = () => {
      this.#links.delete(link);
      link.client.destroy();
      link.server.destroy();
    };
    for (const socket of [link.client, link.server]) {
      socket.setNoDelay(true);
      // A reset is followed by a close, which ends both.
      socket.on('error', () => undefined);
      socket.once('close', end);
    }
    if (this.#mode === 'swallow') return swallow(link);
    link.client.pipe(link.server);
    link.server.pipe(link.client);
  }
}

/** Reads on, so that neither side sees a full window, and passes nothing. */
function swallow({ client, server }: Link): void {
  client.unpipe(server);
  server.unpipe(client);
  client.resume();
  server.resume();
}
