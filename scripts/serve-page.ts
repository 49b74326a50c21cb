/**
 * Builds the page and serves it on 127.0.0.1, until it is stopped:
 *
 *   npm run page
 */
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { buildWeb, type PageFile } from '../cli/dashboard/build-web.ts';
import { HOST, listenNear } from '../cli/dashboard/listen-near.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `files`, at a free port where that one is taken; what is not among them is not found. */
export async function servePage(files: readonly PageFile[], port = 0): Promise<ServedPage> {
  const byPath = new Map(files.map(({ name, content }) => [`/${name}`, content]));
  const server = createServer((request, response) => {
    // What is asked for need not be an address: "//" is none.
    const path = (request.url ?? '/').replace(/[?#].*/, '');
    const name = path === '/' ? '/index.html' : path;
    const content = byPath.get(name);
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    response.writeHead(content === undefined ? 404 : 200, { 'content-type': type });
    response.end(content);
  });
  const url = `http://${HOST}:${await listenNear(server, port)}/`;
  return { url, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Where `npm run page` serves, so that links to it stay valid from one day to the next. */
const PORT = 4173;

if (import.meta.main) {
  const { url } = await servePage(await buildWeb(join(import.meta.dirname, '..')), PORT);
  console.log(`The page is at ${url} (Ctrl-C ends it).`);
}
