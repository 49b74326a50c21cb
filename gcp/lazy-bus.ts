import type { Command } from '../control/command.ts';
import type { Bus, Subscription } from '../control/ports.ts';
import { LazyPort } from './lazy-port.ts';

/** A bus that is opened by its first call. */
export class LazyBus implements Bus {
  readonly #port: LazyPort<Bus>;

  constructor(open: () => Promise<Bus>) {
    this.#port = new LazyPort(open);
  }

  async publish(command: Command): Promise<void> {
    await (await this.#port.get()).publish(command);
  }

  async subscribe(
    subscriber: string,
    handler: (message: unknown) => Promise<void>,
    onError: (error: Error) => void,
  ): Promise<Subscription> {
    return (await this.#port.get()).subscribe(subscriber, handler, onError);
  }

  async unsubscribe(subscriber: string): Promise<void> {
    await (await this.#port.get()).unsubscribe(subscriber);
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}
