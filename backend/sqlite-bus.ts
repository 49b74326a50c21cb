import type { Command } from '../control/command.ts';
import type { Bus, WallClock, Subscription } from '../control/ports.ts';
import { DurableQueue, type QueueItem } from './durable-queue.ts';
import { POLL_MS, SqliteDatabase } from './sqlite-database.ts';

/** How long commands are kept, as in the cloud's topic: an older one that nobody took is of no use. */
const RETENTION_MS = 600_000;

/** A rejected command comes again after 100 ms, then twice as long, up to 5 s. */
const REDELIVERY_MS_MIN = 100;
const REDELIVERY_MS_MAX = 5_000;

interface Delivery extends QueueItem {
  readonly body: string;
}

/** Commands in one SQLite file that several processes share. */
export class SqliteBus implements Bus {
  readonly #database: SqliteDatabase;
  readonly #clock: WallClock;
  readonly #open = new Set<DurableQueue<Delivery>>();
  #timer: NodeJS.Timeout | undefined;
  #seenVersion = -1;

  private constructor(database: SqliteDatabase, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Opens the bus in `file`, which is created if absent; commands bear the time of `clock`. */
  static async open(file: string, clock: WallClock = Date.now): Promise<SqliteBus> {
    return new SqliteBus(await SqliteDatabase.open(file), clock);
  }

  publish(command: Command): Promise<void> {
    return this.publishText(JSON.stringify(command));
  }

  /** Publishes any text: for tests of what is not a command. */
  async publishText(body: string): Promise<void> {
    const db = this.#database;
    const nowMs = this.#clock();
    await db.write(() => {
      db.prepare('DELETE FROM commands WHERE published_at_ms < ?').run(nowMs - RETENTION_MS);
      const insert = db.prepare('INSERT INTO commands (published_at_ms, body) VALUES (?, ?)');
      const number = insert.run(nowMs, body).lastInsertRowid;
      db.prepare('INSERT INTO deliveries SELECT subscriber, ? FROM subscriptions').run(number);
    });
    for (const queue of this.#open) queue.look();
  }

  async subscribe(
    subscriber: string,
    handler: (message: unknown) => Promise<void>,
    onError: (error: Error) => void,
  ): Promise<Subscription> {
    const db = this.#database;
    await db.write(() =>
      db.prepare('INSERT OR IGNORE INTO subscriptions VALUES (?)').run(subscriber),
    );
    const queue = this.#queueOf(subscriber, handler, onError);
    this.#open.add(queue);
    this.#timer ??= setInterval(() => this.#poll(), POLL_MS);
    queue.look();
    // There is no connection to lose: to look again is all that can be done.
    return { close: () => this.#close(queue), reopen: async () => queue.look() };
  }

  #queueOf(
    subscriber: string,
    handler: (message: unknown) => Promise<void>,
    onError: (error: Error) => void,
  ): DurableQueue<Delivery> {
    return new DurableQueue<Delivery>({
      name: `Subscription ${subscriber}`,
      due: (held, limit) => this.#due(subscriber, held, limit),
      handle: async ({ number, body }) => {
        await handler(parse(body));
        await this.#acknowledge(subscriber, number);
      },
      onError,
      restMsMin: REDELIVERY_MS_MIN,
      restMsMax: REDELIVERY_MS_MAX,
    });
  }

  #due(subscriber: string, held: readonly number[], limit: number): Delivery[] {
    const db = this.#database;
    const statement = `SELECT number, body FROM deliveries JOIN commands USING (number)
       WHERE subscriber = ? AND number NOT IN (SELECT value FROM json_each(?))
       ORDER BY number LIMIT ?`;
    const values = [subscriber, JSON.stringify(held), limit] as const;
    const rows = db.readNow(() => db.prepare(statement).all(...values));
    return rows.map((row) => ({ number: Number(row['number']), body: String(row['body']) }));
  }

  async #acknowledge(subscriber: string, number: number): Promise<void> {
    const db = this.#database;
    const statement = 'DELETE FROM deliveries WHERE subscriber = ? AND number = ?';
    await db.write(() => db.prepare(statement).run(subscriber, number));
  }

  async unsubscribe(subscriber: string): Promise<void> {
    const db = this.#database;
    await db.write(() =>
      db.prepare('DELETE FROM subscriptions WHERE subscriber = ?').run(subscriber),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((queue) => this.#close(queue)));
    this.#database.close();
  }

  #poll(): void {
    try {
      const version = this.#database.dataVersion();
      if (version === this.#seenVersion) return;
      this.#seenVersion = version;
    } catch {
      // The queues look again, find out whether the fault passes, and say so.
    }
    for (const queue of this.#open) queue.look();
  }

  async #close(queue: DurableQueue<Delivery>): Promise<void> {
    this.#open.delete(queue);
    if (this.#open.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    await queue.close();
  }
}

/** A message as JSON if it is JSON, otherwise as its text: the handler decides what to do with it. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
