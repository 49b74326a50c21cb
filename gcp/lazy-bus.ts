import type { Command } from '../control/command.ts';
import type { Bus, Subscription } from '../control/ports.ts';

/** A bus that is opened by its first call. */
export class LazyBus implements Bus {
  readonly #open: () => Promise<Bus>;
  #opened: Promise<Bus> | null = null;

  constructor(open: () => Promise<Bus>) {
    this.#open = open;
  }

  #get(): Promise<Bus> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async publish(command: Command): Promise<void> {
    await (await this.#get()).publish(command);
  }

  async subscribe(
    subscriber: string,
    handler: (message: unknown) => Promise<void>,
    onError: (error: Error) => void,
  ): Promise<Subscription> {
    return (await this.#get()).subscribe(subscriber, handler, onError);
  }

  async unsubscribe(subscriber: string): Promise<void> {
    await (await this.#get()).unsubscribe(subscriber);
  }

  /** A bus that was never called has nothing to close. */
  async close(): Promise<void> {
    await (await this.#opened)?.close();
  }
}
