import { PubSub, type Topic } from '@google-cloud/pubsub';
import type { Command } from '../control/command.ts';
import type { Bus, Subscription } from '../control/ports.ts';
import { PubSubSubscription } from './pubsub-subscription.ts';
import { retryPassing, GrpcStatus, statusOf } from './retry.ts';

/**
 * How long commands are kept: an older one that nobody took is of no use. This is Pub/Sub's least
 * value.
 */
const RETENTION_SECONDS = 600;

/** Redelivery after a refusal: sooner than Pub/Sub's 10 s, because a command soon expires. */
const RETRY_POLICY = {
  minimumBackoff: { nanos: 100_000_000 },
  maximumBackoff: { seconds: 5 },
};
const ACK_DEADLINE_SECONDS = 10;

/** All clients of a process otherwise share one connection to a host, also one that is dead. */
const OWN_CONNECTION = { 'grpc.use_local_subchannel_pool': 1 };

/** What Pub/Sub names as the topic of a subscription whose topic was deleted. */
const DELETED_TOPIC = '_deleted-topic_';

export interface PubSubOptions {
  readonly project: string;
  readonly topic: string;
  /** `host:port` of the emulator; absent for the cloud. */
  readonly emulatorHost?: string | undefined;
}

/** Commands on a Pub/Sub topic, with one subscription a subscriber, `mpcomm-<subscriber>`. */
export class PubSubBus implements Bus {
  readonly #options: PubSubOptions;
  readonly #open = new Set<PubSubSubscription>();
  #pubsub!: PubSub;
  #topic!: Topic;
  /** The change of connection that is under way, if one is. */
  #reconnecting: Promise<void> | null = null;

  constructor(options: PubSubOptions) {
    this.#options = options;
    this.#connect();
  }

  #connect(): void {
    const { project, topic, emulatorHost } = this.#options;
    const emulator = { apiEndpoint: emulatorHost, emulatorMode: true };
    this.#pubsub = new PubSub({
      projectId: project,
      ...(emulatorHost === undefined ? {} : emulator),
      ...OWN_CONNECTION,
    });
    // A command is published alone: waiting for others to share its request would only delay it.
    this.#topic = this.#pubsub.topic(topic, { batching: { maxMessages: 1 } });
  }

  /**
   * Takes a new connection for everything, and opens every subscription again over it: on a connection
   * that carries nothing any more, a new stream would be as silent. If the new connection does not work
   * either, all stays as it was. Whoever asks for it meanwhile shares it: of two changes at once, one that
   * failed would go back to a connection that the other has closed.
   */
  #reconnect(): Promise<void> {
    this.#reconnecting ??= this.#changeConnection().finally(() => {
      this.#reconnecting = null;
    });
    return this.#reconnecting;
  }

  async #changeConnection(): Promise<void> {
    const [pubsub, topic] = [this.#pubsub, this.#topic];
    this.#connect();
    try {
      await Promise.all([...this.#open].map((subscription) => subscription.ensure()));
    } catch (error) {
      void this.#pubsub.close().catch(() => undefined);
      [this.#pubsub, this.#topic] = [pubsub, topic];
      throw error;
    }
    const left = [...this.#open].map((subscription) => subscription.moveOver());
    // Nobody waits for the last words over a dead connection.
    void Promise.allSettled(left).then(() => pubsub.close().catch(() => undefined));
  }

  publish(command: Command): Promise<void> {
    return this.publishText(JSON.stringify(command));
  }

  /** Publishes any text: for tests of what is not a command. */
  async publishText(body: string): Promise<void> {
    const publish = () =>
      retryPassing(`Publishing on ${this.#topic.name}`, () =>
        this.#topic.publishMessage({ data: Buffer.from(body) }),
      );
    try {
      await this.#withTopic(publish);
    } catch (error) {
      // An error without a status means that the time ran out: the connection may be dead, so the next
      // call gets a new one.
      if (statusOf(error) === undefined) void this.#reconnect().catch(() => undefined);
      throw error;
    }
  }

  async subscribe(
    subscriber: string,
    handler: (message: unknown) => Promise<void>,
    onError: (error: Error) => void,
  ): Promise<Subscription> {
    const name = subscriptionName(subscriber);
    const ensure = () => this.#withTopic(() => this.#createSubscription(name));
    await ensure();
    const subscription: PubSubSubscription = new PubSubSubscription({
      open: (options) => this.#pubsub.subscription(name, options),
      ensure,
      handler,
      onError,
      reconnect: () => this.#reconnect(),
      onClose: () => this.#open.delete(subscription),
    });
    this.#open.add(subscription);
    return subscription;
  }

  async unsubscribe(subscriber: string): Promise<void> {
    const name = subscriptionName(subscriber);
    try {
      await retryPassing(`Deleting subscription ${name}`, () =>
        this.#pubsub.subscription(name).delete(),
      );
    } catch (error) {
      if (statusOf(error) !== GrpcStatus.notFound) throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((subscription) => subscription.close()));
    await this.#pubsub.close();
  }

  /** Runs `action`; where the topic is absent, creates it and runs `action` again. */
  async #withTopic<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      if (statusOf(error) !== GrpcStatus.notFound) throw this.#explained(error);
    }
    try {
      await retryPassing(`Creating topic ${this.#topic.name}`, () => this.#topic.create());
    } catch (error) {
      if (statusOf(error) !== GrpcStatus.alreadyExists) throw this.#explained(error);
    }
    return action();
  }

  #explained(error: unknown): unknown {
    if (statusOf(error) !== GrpcStatus.permissionDenied) return error;
    return new Error(
      `This account may not use ${this.#topic.name}, or it is absent and may not be created: ` +
        'create it as infra/ does, and grant roles/pubsub.publisher to the functions and to each peer ' +
        'roles/pubsub.subscriber with roles/pubsub.viewer on its subscription ' +
        `(${(error as Error).message})`,
      { cause: error },
    );
  }

  async #createSubscription(name: string): Promise<void> {
    const create = () =>
      this.#topic.createSubscription(name, {
        ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
        messageRetentionDuration: { seconds: RETENTION_SECONDS },
        expirationPolicy: {},
        retryPolicy: RETRY_POLICY,
      });
    try {
      await retryPassing(`Creating subscription ${name}`, create);
    } catch (error) {
      const status = statusOf(error);
      // A caller that may only consume is denied even the creation of what exists.
      const mayExist =
        status === GrpcStatus.alreadyExists || status === GrpcStatus.permissionDenied;
      if (!mayExist) throw error;
      const topic = await this.#topicOf(name, error);
      if (topic === this.#topic.name) return;
      await this.#replaceSubscription(name, topic);
    }
  }

  /**
   * The full name of the topic on which an existing subscription hangs. A caller that may not look has
   * to trust a subscription that is known to exist; otherwise `denied`, the reason to look, is thrown.
   */
  async #topicOf(name: string, denied: unknown): Promise<string> {
    try {
      const [metadata] = await retryPassing(`Reading subscription ${name}`, () =>
        this.#pubsub.subscription(name).getMetadata(),
      );
      return metadata.topic ?? '';
    } catch (error) {
      if (statusOf(error) !== GrpcStatus.permissionDenied) throw error;
      if (statusOf(denied) === GrpcStatus.alreadyExists) return this.#topic.name;
      throw denied;
    }
  }

  /** A subscription outlives its topic, and then hears nothing for ever: one of ours is replaced. */
  async #replaceSubscription(name: string, topic: string): Promise<void> {
    if (topic !== DELETED_TOPIC) {
      throw new Error(
        `Subscription ${name} belongs to ${topic}, not ${this.#topic.name}: ` +
          'delete it, or give the peer another id',
      );
    }
    await retryPassing(`Deleting subscription ${name}`, () =>
      this.#pubsub.subscription(name).delete(),
    );
    await this.#createSubscription(name);
  }
}

function subscriptionName(subscriber: string): string {
  return `mpcomm-${subscriber}`;
}
