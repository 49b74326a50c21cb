import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { listen, stopListening } from './functions-client.ts';

const OPENSSL_MS_MAX = 60_000;

/**
 * Loaded before a program: whatever it connects to Google's hosts arrives at the front instead. Nothing else of
 * the program knows that it is not in Google's network: names, TLS and tokens are as there.
 */
const REDIRECT = `
import dns from 'node:dns';
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';
const port = Number(process.env.MPCOMM_TEST_FRONT_PORT);
const isGoogle = (host) => /(?:^|\\.)googleapis\\.com$/.test(host ?? '');
const local = { address: '127.0.0.1', family: 4 };
const { lookup } = dns;
dns.lookup = (host, options, done) => {
  const finish = typeof options === 'function' ? options : done;
  if (!isGoogle(host)) return lookup(host, options, done);
  return options?.all ? finish(null, [local]) : finish(null, local.address, local.family);
};
const later = dns.promises.lookup;
dns.promises.lookup = async (host, options) =>
  isGoogle(host) ? (options?.all ? [local] : local) : later(host, options);
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const isMeant = isGoogle(options?.host) || options?.host === local.address;
  if (isMeant && Number(options.port) === 443) Object.assign(options, { host: local.address, port });
  return connect.apply(this, args);
};
syncBuiltinESMExports();
`;

/** Where a connection to one of Google's hosts goes, as `host:port` on this machine. */
export type Routes = Readonly<Record<string, string>>;

/**
 * Google's network on this machine: one TLS server that hands a connection on by the name that it asks for, and
 * a metadata server, from which programs get their account's tokens.
 */
export class GoogleFront {
  /** What a program in Google's network is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** What a program of a person elsewhere is started with: the same without a metadata server. */
  readonly outside: Readonly<Record<string, string>>;
  readonly #close: () => Promise<void>;

  private constructor(
    environment: Readonly<Record<string, string>>,
    outside: Readonly<Record<string, string>>,
    close: () => Promise<void>,
  ) {
    this.environment = environment;
    this.outside = outside;
    this.#close = close;
  }

  /** Throws where there is no openssl, with which its certificates are made. */
  static async start(directory: string, project: string, routes: Routes): Promise<GoogleFront> {
    await makeCertificates(directory);
    writeFileSync(join(directory, 'redirect.mjs'), REDIRECT);
    const metadata = createMetadataServer(project);
    const metadataUrl = await listen(metadata);
    const sockets = new Set<Socket>();
    const front = createTlsServer(
      {
        key: readFileSync(join(directory, 'key.pem')),
        cert: readFileSync(join(directory, 'cert.pem')),
        ALPNProtocols: ['h2', 'http/1.1'],
      },
      (socket) => handOn(socket, routes, sockets),
    );
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    const ca = join(directory, 'ca.pem');
    const outside = {
      NODE_OPTIONS: `--import ${pathToFileURL(join(directory, 'redirect.mjs')).href}`,
      NODE_EXTRA_CA_CERTS: ca,
      GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: ca,
      MPCOMM_TEST_FRONT_PORT: String((front.address() as AddressInfo).port),
      MPCOMM_PROJECT: project,
    };
    const environment = {
      ...outside,
      MPCOMM_BACKEND: 'gcp',
      METADATA_SERVER_DETECTION: 'assume-present',
      GCE_METADATA_HOST: new URL(metadataUrl).host,
    };
    return new GoogleFront(environment, outside, async () => {
      for (const socket of sockets) socket.destroy();
      front.close();
      await stopListening(metadata);
    });
  }

  stop(): Promise<void> {
    return this.#close();
  }
}

function handOn(socket: TLSSocket, routes: Routes, sockets: Set<Socket>): void {
  // Its name was asked for in the handshake; Node's types leave that out for a server's socket.
  const { servername } = socket as TLSSocket & { servername?: string };
  const target = routes[servername ?? ''];
  socket.on('error', () => socket.destroy());
  if (target === undefined) {
    socket.destroy();
    return;
  }
  const [host, port] = target.split(':');
  const onward = connect(Number(port), host);
  for (const each of [socket, onward]) {
    sockets.add(each);
    each.once('close', () => sockets.delete(each));
  }
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
  onward.on('close', () => socket.destroy());
  socket.pipe(onward).pipe(socket);
}

/**
 * The metadata server (https://cloud.google.com/compute/docs/metadata/querying-metadata), as far as our
 * programs ask it.
 */
function createMetadataServer(project: string): Server {
  const account = '/computeMetadata/v1/instance/service-accounts/default';
  // The Firestore emulator takes this token for one that may do everything.
  const token = { access_token: 'owner', expires_in: 3_599, token_type: 'Bearer' };
  const answers: Readonly<Record<string, string>> = {
    '/computeMetadata/v1/instance': '{}',
    '/computeMetadata/v1/project/project-id': project,
    [`${account}/email`]: `mpcomm-peer@${project}.iam.gserviceaccount.com`,
    [`${account}/token`]: JSON.stringify(token),
  };
  return createHttpServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://metadata').pathname.replace(/\/$/, '');
    const answer = answers[path];
    const isAsked = request.headers['metadata-flavor'] === 'Google';
    const status = !isAsked ? 403 : answer === undefined ? 404 : 200;
    const type = answer?.startsWith('{') === true ? 'application/json' : 'application/text';
    response.writeHead(status, { 'metadata-flavor': 'Google', 'content-type': type });
    response.end(status === 200 ? answer : '');
  });
}

/** An authority of its own, and a certificate of it for Google's names. */
async function makeCertificates(directory: string): Promise<void> {
  const openssl = (...options: string[]) =>
    promisify(execFile)('openssl', options, { cwd: directory, timeout: OPENSSL_MS_MAX });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl(
    ...['req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem'],
    ...['-subj', '/CN=MPComm rehearsal', '-days', '2'],
  );
  await openssl(
    'req',
    ...key,
    '-keyout',
    'key.pem',
    '-out',
    'csr.pem',
    '-subj',
    '/CN=googleapis.com',
  );
  writeFileSync(
    join(directory, 'names.cnf'),
    'subjectAltName=DNS:googleapis.com,DNS:*.googleapis.com\n',
  );
  await openssl(
    ...['x509', '-req', '-in', 'csr.pem', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem'],
    ...['-CAcreateserial', '-out', 'cert.pem', '-days', '2', '-extfile', 'names.cnf'],
  );
}
