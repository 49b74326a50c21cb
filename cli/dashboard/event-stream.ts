import type { ServerResponse } from 'node:http';
import type { LaboratoryStatus } from '../../control/api/dashboard-documents.ts';
import type { LaboratoryWatch } from './watch-laboratory.ts';

/** The interval at which a page is told that the dashboard is still there. */
const BEAT_MS = 2_000;
/** The most open streams. Each one keeps a connection; a browser opens one for each page, and six at most. */
const STREAMS_MAX = 32;

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) of all pages. */
export class EventStreams {
  readonly #watch: LaboratoryWatch;
  readonly #open = new Map<ServerResponse, () => void>();

  constructor(watch: LaboratoryWatch) {
    this.#watch = watch;
  }

  /**
   * Keeps `response` open and writes to it what is new. Where that makes too many streams, the oldest one is
   * ended.
   */
  open(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 1000\n\n');
    const stop = this.#watch.listen((status) => write(response, status));
    const beat = setInterval(() => response.write('event: beat\ndata: {}\n\n'), BEAT_MS);
    const end = (): void => {
      clearInterval(beat);
      stop();
      this.#open.delete(response);
    };
    this.#open.set(response, end);
    response.once('close', end);
    const [oldest] = this.#open;
    if (oldest === undefined || this.#open.size <= STREAMS_MAX) return;
    const [dropped, endDropped] = oldest;
    endDropped();
    // Whoever has stopped reading would never let it end by itself.
    dropped.destroy();
  }

  close(): void {
    for (const [response, end] of [...this.#open]) {
      end();
      response.end();
    }
  }
}

/** A page that has left more than this number of bytes unread is told nothing until it has read them. */
const UNREAD_BYTES_MAX = 1_048_576;

function write(response: ServerResponse, status: LaboratoryStatus): void {
  if (response.writableLength > UNREAD_BYTES_MAX) return;
  response.write(`event: status\ndata: ${JSON.stringify(status)}\n\n`);
}
