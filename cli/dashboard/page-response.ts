import type { ServerResponse } from 'node:http';
import type { PageFile } from './build-web.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};

const POLICY = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/;

/** Says to the page that a dashboard serves it, and so that it has a laboratory to ask for. */
const MARK = '<meta name="dashboard" content="1" />\n    <title>';

/** The files of the page by their path, with what a browser is told of each. */
export class PageFiles {
  readonly #byPath: ReadonlyMap<string, PageFile>;
  readonly #policy: string;

  constructor(files: readonly PageFile[]) {
    // A service worker would go on showing the page of a dashboard that has ended.
    const served = files.filter(({ name }) => name !== 'offline.js').map(marked);
    this.#byPath = new Map(served.map((file) => [`/${file.name}`, file]));
    this.#policy = policyIn(this.#byPath.get('/index.html')!);
  }

  /** Answers with the file at `path`; `false` where there is none. */
  send(response: ServerResponse, path: string): boolean {
    const file = this.#byPath.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return false;
    const { name, content } = file;
    response.writeHead(200, {
      'content-type': TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      'content-length': content.length,
      // The other files have names that change with their content.
      'cache-control': name.startsWith('assets/') ? 'private, max-age=31536000' : 'no-store',
      'content-security-policy': this.#policyOf(file),
    });
    response.end(content);
    return true;
  }

  /** A document has its own policy. The one besides the page is for a frame in it, in which what was typed is run. */
  #policyOf(file: PageFile): string {
    if (file.name === 'index.html' || !file.name.endsWith('.html')) {
      return `${this.#policy}; frame-ancestors 'none'`;
    }
    return `${policyIn(file)}; frame-ancestors 'self'`;
  }
}

function policyIn({ content }: PageFile): string {
  return POLICY.exec(Buffer.from(content).toString('utf8'))?.[1] ?? "default-src 'none'";
}

function marked(file: PageFile): PageFile {
  if (file.name !== 'index.html') return file;
  const html = Buffer.from(file.content).toString('utf8').replace('<title>', MARK);
  return { ...file, content: Buffer.from(html) };
}
