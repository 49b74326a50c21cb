import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { type Identities, memberOf } from './identities.ts';
import { after, type Project } from './project.ts';

/**
 * How long commands are kept: an older one that nobody took is of no use. This is Pub/Sub's least
 * value.
 */
const RETENTION = '600s';

/** Pub/Sub's word for a subscription that nobody has to use for it to stay. */
const NEVER = '';

/**
 * How long refused commands are kept: until a person has looked at them after a weekend. Pub/Sub's
 * greatest value is 31 days.
 */
const UNDELIVERED_RETENTION = '604800s';

/**
 * The most redeliveries of one command to one peer. A daemon refuses a command only when it could not
 * open its sockets. With pauses of 0.1 to 5 s it has tried nine times when the command expires after 10
 * s, and then acknowledges it. So only a defect gets this far, and it ends here rather than after
 * hundreds of redeliveries.
 */
const DELIVERY_ATTEMPTS_MAX = 20;

export interface Messaging {
  readonly topic: gcp.pubsub.Topic;
  /** What a peer needs before it can start: its subscription, and the right to use it. */
  readonly ready: ReadonlyMap<string, readonly pulumi.Resource[]>;
}

/**
 * The topic of the commands, and one subscription a peer under the name that the daemon opens
 * (gcp/pubsub-bus.ts). A daemon may not create any, so that what a stolen one can do ends here.
 */
export function createMessaging(project: Project, identities: Identities): Messaging {
  const { options, id, labels, configuration } = project;
  const topic = new gcp.pubsub.Topic(
    'commands',
    { project: id, name: 'mpcomm-commands', messageRetentionDuration: RETENTION, labels },
    options,
  );
  // `expire` publishes pings, by which a daemon notices that its subscription went deaf.
  for (const publisher of ['run', 'exit', 'expire'] as const) {
    new gcp.pubsub.TopicIAMMember(
      `commands-publisher-${publisher}`,
      {
        project: id,
        topic: topic.name,
        role: 'roles/pubsub.publisher',
        member: memberOf(identities[publisher]),
      },
      options,
    );
  }
  const undelivered = createUndelivered(project);
  const ready = configuration.peers.map(({ id: peerId }) => {
    const resources = createSubscription(project, identities, topic, undelivered, peerId);
    return [peerId, resources] as const;
  });
  return { topic, ready: new Map(ready) };
}

interface Undelivered {
  readonly topic: gcp.pubsub.Topic;
  /** Pub/Sub's own agent, which moves a message there. */
  readonly agent: pulumi.Output<string>;
  readonly granted: gcp.pubsub.TopicIAMMember;
}

/**
 * Creates the topic of commands that a peer refused too often: evidence for a person, not work for
 * anybody.
 */
function createUndelivered({ options, id, labels }: Project): Undelivered {
  const topic = new gcp.pubsub.Topic(
    'undelivered',
    { project: id, name: 'mpcomm-undelivered', labels },
    options,
  );
  new gcp.pubsub.Subscription(
    'undelivered-kept',
    {
      project: id,
      name: 'mpcomm-undelivered',
      topic: topic.id,
      messageRetentionDuration: UNDELIVERED_RETENTION,
      expirationPolicy: { ttl: NEVER },
      labels,
    },
    options,
  );
  const agent = new gcp.projects.ServiceIdentity(
    'agent-pubsub',
    { project: id, service: 'pubsub.googleapis.com' },
    options,
  ).member;
  const granted = new gcp.pubsub.TopicIAMMember(
    'undelivered-publisher',
    { project: id, topic: topic.name, role: 'roles/pubsub.publisher', member: agent },
    options,
  );
  return { topic, agent, granted };
}

function createSubscription(
  project: Project,
  { peer }: Identities,
  topic: gcp.pubsub.Topic,
  undelivered: Undelivered,
  peerId: string,
): pulumi.Resource[] {
  const { options, id, labels } = project;
  const subscription = new gcp.pubsub.Subscription(
    `commands-${peerId}`,
    {
      project: id,
      name: `mpcomm-${peerId}`,
      topic: topic.id,
      ackDeadlineSeconds: 10,
      messageRetentionDuration: RETENTION,
      // By default one expires after 31 days without a subscriber, and with it the peer's ear.
      expirationPolicy: { ttl: NEVER },
      retryPolicy: { minimumBackoff: '0.1s', maximumBackoff: '5s' },
      deadLetterPolicy: {
        deadLetterTopic: undelivered.topic.id,
        maxDeliveryAttempts: DELIVERY_ATTEMPTS_MAX,
      },
      labels: { ...labels, peer: peerId },
    },
    after(project, undelivered.granted),
  );
  const grant = (name: string, role: string, member: pulumi.Input<string>) =>
    new gcp.pubsub.SubscriptionIAMMember(
      `commands-${peerId}-${name}`,
      { project: id, subscription: subscription.name, role, member },
      options,
    );
  // Moving a message on includes acknowledging it here, which is a subscriber's right.
  grant('forwarder', 'roles/pubsub.subscriber', undelivered.agent);
  return [
    subscription,
    grant('subscriber', 'roles/pubsub.subscriber', memberOf(peer)),
    // To see whether its topic still is the one of the commands: a subscriber alone may not look.
    grant('viewer', 'roles/pubsub.viewer', memberOf(peer)),
  ];
}
