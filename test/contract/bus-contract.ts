import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../control/command.ts';
import type { Bus } from '../../control/ports.ts';
import { eventually } from '../support/eventually.ts';
import { uniqueName } from '../support/unique-name.ts';

/** A bus, and where it has one, a way to publish what is no command. */
export type BusUnderTest = Bus & { publishText?(body: string): Promise<void> };

/** What every `Bus` does. Each call of `open` opens the same bus anew. */
export function describeBus(name: string, open: () => Promise<BusUnderTest>): void {
  describe(`bus: ${name}`, () => {
    let bus: BusUnderTest;
    beforeAll(async () => {
      bus = await open();
    });
    afterAll(() => bus.close());
    describeDelivery(() => bus);
    describeSubscriptions(() => bus, open);
  });
}

function describeDelivery(bus: () => BusUnderTest): void {
  test('each of three subscribers gets each command', async () => {
    const inboxes = await Promise.all([1, 2, 3].map(() => Inbox.open(bus())));
    const commands = [exitCommand(1), exitCommand(2), exitCommand(3)];
    await Promise.all(commands.map((command) => bus().publish(command)));
    for (const inbox of inboxes) await inbox.has(commands);
    await Promise.all(inboxes.map((inbox) => inbox.remove()));
  });

  test('what the handler rejects comes again, and what it takes does not', async () => {
    let refusals = 2;
    const inbox = await Inbox.open(bus(), uniqueName(), () => {
      if (refusals === 0) return Promise.resolve();
      refusals -= 1;
      return Promise.reject(new Error('not now'));
    });
    const command = exitCommand(4);
    await bus().publish(command);
    await eventually('three deliveries', () => inbox.messages.length >= 3);
    await sleep(400);
    expect(inbox.messages).toEqual([command, command, command]);
    expect(inbox.errors.map(String)).toContain('Error: not now');
    await inbox.remove();
  });

  test('a message that is refused for ever does not hold up the others', async () => {
    const inbox = await Inbox.open(bus(), uniqueName(), (message) =>
      (message as { issuedAtMs: number }).issuedAtMs < 100
        ? Promise.reject(new Error('never'))
        : Promise.resolve(),
    );
    for (let index = 0; index < 10; index += 1) await bus().publish(exitCommand(index));
    const command = exitCommand(100);
    await bus().publish(command);
    await inbox.has([command]);
    await inbox.remove();
  });

  test('a message that is not JSON arrives as the text that it is', async () => {
    const publishText = bus().publishText?.bind(bus());
    if (publishText === undefined) return;
    const inbox = await Inbox.open(bus());
    await publishText('run 4 50');
    await publishText('"quoted"');
    await inbox.has(['run 4 50', 'quoted']);
    await inbox.remove();
  });
}

function describeSubscriptions(bus: () => BusUnderTest, open: () => Promise<BusUnderTest>): void {
  test('a subscriber that returns gets what was published meanwhile, and nothing twice', async () => {
    const first = await Inbox.open(bus());
    await bus().publish(exitCommand(10));
    await first.has([exitCommand(10)]);
    await sleep(200);
    await first.close();
    await bus().publish(exitCommand(11));
    const again = await open();
    const second = await Inbox.open(again, first.subscriber);
    await second.has([exitCommand(11)]);
    await sleep(200);
    expect(first.messages).toEqual([exitCommand(10)]);
    expect(second.messages).toEqual([exitCommand(11)]);
    await second.remove();
    await again.close();
  });

  test('a new subscriber hears nothing of the past', async () => {
    const old = await Inbox.open(bus());
    await bus().publish(exitCommand(20));
    await old.has([exitCommand(20)]);
    const young = await Inbox.open(bus());
    await bus().publish(exitCommand(21));
    await young.has([exitCommand(21)]);
    expect(young.messages).toEqual([exitCommand(21)]);
    await old.remove();
    await young.remove();
  });

  test('an unsubscribed subscriber misses what was published meanwhile', async () => {
    const first = await Inbox.open(bus());
    await first.remove();
    await bus().unsubscribe(first.subscriber);
    await bus().publish(exitCommand(30));
    const second = await Inbox.open(bus(), first.subscriber);
    await bus().publish(exitCommand(31));
    await second.has([exitCommand(31)]);
    expect(second.messages).toEqual([exitCommand(31)]);
    await second.remove();
  });

  test('closing waits for the handler under way, and its message does not come again', async () => {
    const own = await open();
    let finished = false;
    const inbox = await Inbox.open(own, uniqueName(), async () => {
      await sleep(300);
      finished = true;
    });
    await own.publish(exitCommand(40));
    await eventually('the handler has begun', () => inbox.messages.length === 1);
    await own.close();
    expect(finished).toBe(true);
    const again = await Inbox.open(bus(), inbox.subscriber);
    await bus().publish(exitCommand(41));
    await again.has([exitCommand(41)]);
    expect(again.messages).toEqual([exitCommand(41)]);
    await again.remove();
  });

  test('what was refused before closing comes to the next subscription', async () => {
    const first = await Inbox.open(bus(), uniqueName(), () => Promise.reject(new Error('no')));
    await bus().publish(exitCommand(50));
    await eventually('a delivery', () => first.messages.length > 0);
    await first.close();
    const second = await Inbox.open(bus(), first.subscriber);
    await second.has([exitCommand(50)]);
    await second.remove();
  });
}

/** A subscription that keeps what it hears. */
class Inbox {
  readonly messages: unknown[] = [];
  readonly errors: Error[] = [];
  readonly subscriber: string;
  readonly #bus: Bus;
  #close: () => Promise<void> = () => Promise.resolve();

  private constructor(bus: Bus, subscriber: string) {
    this.#bus = bus;
    this.subscriber = subscriber;
  }

  static async open(
    bus: Bus,
    subscriber = uniqueName(),
    handle: (message: unknown) => Promise<void> = () => Promise.resolve(),
  ): Promise<Inbox> {
    const inbox = new Inbox(bus, subscriber);
    const subscription = await bus.subscribe(
      subscriber,
      (message) => {
        inbox.messages.push(message);
        return handle(message);
      },
      (error) => inbox.errors.push(error),
    );
    inbox.#close = () => subscription.close();
    return inbox;
  }

  async has(expected: readonly unknown[]): Promise<void> {
    const texts = () => new Set(this.messages.map((message) => JSON.stringify(message)));
    const what = `${this.subscriber} hears ${JSON.stringify(expected)}`;
    await eventually(what, () => expected.every((one) => texts().has(JSON.stringify(one))));
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async remove(): Promise<void> {
    await this.#close();
    await this.#bus.unsubscribe(this.subscriber);
  }
}

function exitCommand(issuedAtMs: number): Command {
  return { command: 'exit', issuedAtMs, expiresAtMs: issuedAtMs + 1 };
}
