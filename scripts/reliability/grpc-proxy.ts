import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** gRPC's status for "try again": what a lost answer looks like to a client. */
const UNAVAILABLE = '14';

/** What becomes of one unary call. */
export interface Fate {
  /** The method and the message that are sent in its place. */
  readonly path: string;
  readonly message: Buffer;
  /** The call takes effect, and its caller hears that the server was not available. */
  readonly loseAnswer: boolean;
}

/** Decides about the unary calls of the methods in `paths`; all others pass as they are. */
export interface Interceptor {
  readonly paths: readonly string[];
  decide(path: string, message: Buffer): Fate;
  /** Sees each message that comes back in a call of another method. */
  observe?(path: string, message: Buffer): void;
}

/** A gRPC proxy on a free port of 127.0.0.1, in front of an emulator, which meddles with some calls. */
export class GrpcProxy {
  readonly #target: string;
  readonly #interceptor: Interceptor;
  readonly #server: Http2Server = createServer();
  /** Each client has a connection of its own to the server, as without a proxy. */
  readonly #upstreams = new Map<Http2Session, ClientHttp2Session>();

  private constructor(target: string, interceptor: Interceptor) {
    this.#target = target;
    this.#interceptor = interceptor;
    this.#server.on('sessionError', () => undefined);
    this.#server.on('stream', (stream, headers) => this.#serve(stream, headers));
  }

  /** `target` is `host:port`. */
  static async start(target: string, interceptor: Interceptor): Promise<GrpcProxy> {
    const proxy = new GrpcProxy(target, interceptor);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const [downstream, upstream] of this.#upstreams) {
      upstream.destroy();
      downstream.destroy();
    }
    this.#server.close();
  }

  #upstreamOf(downstream: Http2Session): ClientHttp2Session {
    const open = this.#upstreams.get(downstream);
    if (open !== undefined && !open.closed && !open.destroyed) return open;
    const upstream = connect(`http://${this.#target}`);
    upstream.on('error', () => downstream.destroy());
    this.#upstreams.set(downstream, upstream);
    downstream.once('close', () => {
      upstream.destroy();
      this.#upstreams.delete(downstream);
    });
    return upstream;
  }

  #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => undefined);
    const session = stream.session;
    if (session === undefined) return;
    const upstream = this.#upstreamOf(session);
    const path = String(headers[':path']);
    if (this.#interceptor.paths.includes(path)) {
      void this.#intercept(upstream, stream, headers, path).catch(() => stream.destroy());
    } else {
      const call = upstream.request(headers);
      stream.pipe(call);
      onMessage(call, (message) => this.#interceptor.observe?.(path, message));
      forward(call, stream);
    }
  }

  async #intercept(
    upstream: ClientHttp2Session,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    path: string,
  ): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    // A message is preceded by a flag and four bytes of length.
    const fate = this.#interceptor.decide(path, Buffer.concat(parts).subarray(5));
    const frame = Buffer.alloc(5 + fate.message.length);
    frame.writeUInt32BE(fate.message.length, 1);
    fate.message.copy(frame, 5);
    const call = upstream.request({ ...headers, ':path': fate.path });
    call.end(frame);
    if (!fate.loseAnswer) return forward(call, stream);
    call.on('error', () => stream.destroy());
    call.resume();
    call.once('end', () => {
      const status = { 'grpc-status': UNAVAILABLE, 'grpc-message': 'the answer was lost' };
      const lost = { ':status': 200, 'content-type': 'application/grpc', ...status };
      if (!stream.destroyed) stream.respond(lost, { endStream: true });
    });
  }
}

type Call = ReturnType<ClientHttp2Session['request']>;

/** Calls back with each whole message of an answer; one that the server compressed is left out. */
function onMessage(call: Call, callback: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  call.on('data', (part: Buffer) => {
    rest = Buffer.concat([rest, part]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const end = 5 + rest.readUInt32BE(1);
      if (rest[0] === 0) callback(rest.subarray(5, end));
      rest = rest.subarray(end);
    }
  });
}

/** Passes an answer on, with the trailers that carry a call's status. */
function forward(call: Call, stream: ServerHttp2Stream): void {
  let trailers: IncomingHttpHeaders = {};
  call.on('trailers', (each: IncomingHttpHeaders) => (trailers = each));
  call.on('response', (headers: IncomingHttpHeaders, flags: number) => {
    if (stream.destroyed) return;
    // A call that fails at once has its status in its only headers.
    if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
      stream.respond(headers, { endStream: true });
      return;
    }
    stream.respond(headers, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers(trailers));
    call.pipe(stream);
  });
  call.on('error', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  stream.once('close', () => call.close(constants.NGHTTP2_CANCEL));
}
