import type { WallClock } from '../control/ports.ts';
import { DurableQueue, type QueueItem } from '../backend/durable-queue.ts';
import { POLL_MS, SqliteDatabase } from '../backend/sqlite-database.ts';

export { registerEmulatorTrigger, type EmulatorTriggerOptions } from './emulator-trigger.ts';

/** How many documents are looked at in one go. */
const SCAN_MAX = 256;

/** A refused event is posted again after 200 ms, then twice as long, up to 10 s. */
const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 10_000;

/** Eventarc keeps an event for a day; then it is given up here as well. */
const EVENT_AGE_MS_MAX = 86_400_000;

/** How long an answer may take: what a function in the cloud may take by default. */
const ANSWER_MS_MAX = 60_000;

const EVENT_TYPE = 'google.cloud.firestore.document.v1.created';
const SOURCE = '//firestore.googleapis.com/projects/mpcomm-embedded/databases/(default)';

export interface StoreTriggerOptions {
  readonly stateFile: string;
  /** Segments of a document's path; one in braces fits any: `runs/{runId}/reports/{peerId}`. */
  readonly pattern: string;
  /** Where events are posted. */
  readonly url: string;
  /** The name under which the events are kept in the file; the pattern itself by default. */
  readonly name?: string;
  /** The time that documents bear; the time of day by default. */
  readonly clock?: WallClock;
  /** Ends the trigger as `close` does. */
  readonly signal?: AbortSignal;
  /** Hears of each event that was not taken (it is posted again) and of a file that cannot be read. */
  readonly onError?: (error: Error) => void;
}

export interface StoreTrigger {
  /** Stops posting and waits for what is under way; events that were not taken remain in the file. */
  close(): Promise<void>;
}

/**
 * Posts a CloudEvent to `url` for each document that is created from now on (from when a trigger of
 * this name was first started on this file) and fits `pattern`, until it is answered by 2xx: at
 * least once, in no promised order. Which events are still to be posted is kept in the file, so
 * that a crash of this process loses none.
 */
export async function startStoreTrigger(options: StoreTriggerOptions): Promise<StoreTrigger> {
  const database = await SqliteDatabase.open(options.stateFile);
  const dispatcher = new Dispatcher(database, options);
  await dispatcher.start();
  const close = () => dispatcher.close();
  options.signal?.addEventListener('abort', () => void close(), { once: true });
  if (options.signal?.aborted) await close();
  return { close };
}

/** `number` is the document's `createdAtUs`, which no other document of the file has. */
interface PendingEvent extends QueueItem {
  readonly path: string;
}

class Dispatcher {
  readonly #database: SqliteDatabase;
  readonly #options: StoreTriggerOptions;
  readonly #name: string;
  readonly #pattern: readonly string[];
  readonly #queue: DurableQueue<PendingEvent>;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;
  #seenVersion = -1;

  constructor(database: SqliteDatabase, options: StoreTriggerOptions) {
    this.#database = database;
    this.#options = options;
    this.#name = options.name ?? options.pattern;
    this.#pattern = options.pattern.split('/');
    this.#queue = new DurableQueue<PendingEvent>({
      name: `Trigger ${this.#name}`,
      due: (held, limit) => this.#due(held, limit),
      handle: (event) => this.#handle(event),
      onError: (error) => this.#options.onError?.(error),
      restMsMin: RETRY_MS_MIN,
      restMsMax: RETRY_MS_MAX,
    });
  }

  async start(): Promise<void> {
    const db = this.#database;
    const insert = `INSERT OR IGNORE INTO triggers
      SELECT ?, coalesce(max(created_at_us), 0) FROM documents`;
    await db.write(() => db.prepare(insert).run(this.#name));
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
    this.#queue.look();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    // The queue is closed first, so that aborted posts count as interrupted, not as refused.
    const closed = this.#queue.close();
    this.#stop.abort();
    await Promise.all([this.#scanning, closed]);
    this.#database.close();
  }

  #poll(): void {
    if (this.#scanning !== undefined) return;
    this.#scanning = this.#scan()
      .catch((error: unknown) => this.#options.onError?.(error as Error))
      .finally(() => {
        this.#scanning = undefined;
      });
  }

  /** Notes the events of all documents that were created since the last look. */
  async #scan(): Promise<void> {
    const version = this.#database.dataVersion();
    if (version === this.#seenVersion) return;
    while (!this.#stop.signal.aborted && (await this.#scanSome()));
    this.#seenVersion = version;
    this.#queue.look();
  }

  /** Notes the events of some documents; true when there may be more. */
  async #scanSome(): Promise<boolean> {
    const db = this.#database;
    const statement = db.prepare(
      `SELECT created_at_us AS number, path FROM documents
       WHERE created_at_us > (SELECT cursor_us FROM triggers WHERE name = ?)
       ORDER BY created_at_us LIMIT ${SCAN_MAX}`,
    );
    const rows = await db.read(() => statement.all(this.#name).map(eventOf));
    if (rows.length === 0) return false;
    const events = rows.filter(({ path }) => fits(path, this.#pattern));
    await db.write(() => this.#note(events, rows.at(-1)!.number));
    return rows.length === SCAN_MAX;
  }

  #note(events: readonly PendingEvent[], cursorUs: number): void {
    const insert = this.#database.prepare('INSERT OR IGNORE INTO events VALUES (?, ?, ?)');
    for (const { number, path } of events) insert.run(this.#name, number, path);
    const move = 'UPDATE triggers SET cursor_us = max(cursor_us, ?) WHERE name = ?';
    this.#database.prepare(move).run(cursorUs, this.#name);
  }

  #due(held: readonly number[], limit: number): PendingEvent[] {
    const db = this.#database;
    const statement = `SELECT created_at_us AS number, path FROM events
       WHERE trigger = ? AND created_at_us NOT IN (SELECT value FROM json_each(?))
       ORDER BY created_at_us LIMIT ?`;
    const values = [this.#name, JSON.stringify(held), limit] as const;
    return db.readNow(() => db.prepare(statement).all(...values)).map(eventOf);
  }

  async #handle(event: PendingEvent): Promise<void> {
    try {
      await this.#post(event);
    } catch (error) {
      const nowMs = (this.#options.clock ?? Date.now)();
      if (nowMs - event.number / 1000 < EVENT_AGE_MS_MAX) throw error;
      this.#options.onError?.(new Error(`Nobody took the event of ${event.path} for a day`));
    }
    const db = this.#database;
    const statement = 'DELETE FROM events WHERE trigger = ? AND created_at_us = ?';
    await db.write(() => db.prepare(statement).run(this.#name, event.number));
  }

  async #post({ path, number }: PendingEvent): Promise<void> {
    const { url } = this.#options;
    const response = await fetch(url, {
      method: 'POST',
      headers: headersOf(path, number),
      body: JSON.stringify({ document: path }),
      signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${url} answered ${response.status} to the event of ${path}`);
  }
}

/** The attributes that Eventarc gives the event of a created document, as HTTP headers. */
function headersOf(path: string, createdAtUs: number): Record<string, string> {
  // A header is ASCII; the CloudEvents binding for HTTP writes anything else in percent encoding.
  const document = path.replaceAll(/[^!-~]|["%]/gu, encodeURIComponent);
  return {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': `${document}@${createdAtUs}`,
    'ce-type': EVENT_TYPE,
    'ce-source': SOURCE,
    'ce-subject': `documents/${document}`,
    'ce-time': new Date(createdAtUs / 1000).toISOString(),
    'ce-document': document,
  };
}

function fits(path: string, pattern: readonly string[]): boolean {
  const segments = path.split('/');
  if (segments.length !== pattern.length) return false;
  return pattern.every((segment, index) => {
    return /^\{\w+\}$/.test(segment) || segment === segments[index];
  });
}

function eventOf(row: Record<string, unknown>): PendingEvent {
  return { number: Number(row['number']), path: String(row['path']) };
}
