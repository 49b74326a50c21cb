import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { NETWORK_ADDITIONS } from './network-additions.ts';

const OWN = 'mpcomm-peer@my-laboratory.iam.gserviceaccount.com';
const labels = { app: 'mpcomm' };

/** A machine as the rules want one, so that each test below breaks one rule. */
export const machine = {
  machineType: 'e2-micro',
  zone: 'us-west1-b',
  bootDisk: {},
  networkInterfaces: [{ subnetwork: 'mpcomm-us-west1', stackType: 'IPV4_ONLY' }],
  shieldedInstanceConfig: {
    enableSecureBoot: true,
    enableVtpm: true,
    enableIntegrityMonitoring: true,
  },
  metadata: {
    'enable-oslogin': 'TRUE',
    'block-project-ssh-keys': 'TRUE',
    'serial-port-enable': 'FALSE',
  },
  serviceAccount: { email: OWN, scopes: ['cloud-platform'] },
  labels,
};

export const subscription = {
  topic: 'mpcomm-commands',
  expirationPolicy: { ttl: '' },
  messageRetentionDuration: '600s',
  labels,
};

export const bucket = {
  location: 'us-central1',
  uniformBucketLevelAccess: true,
  publicAccessPrevention: 'enforced',
  versioning: { enabled: true },
  forceDestroy: true,
  labels,
};

const iam = { project: 'my-laboratory' };

/** Something of another provider than Google's. */
class Foreign extends pulumi.CustomResource {}

/** What somebody might add in passing, and what is to be said of it (NAME is how it was called). */
export const ADDITIONS: readonly (readonly [string, (name: string) => unknown, RegExp])[] = [
  [
    'an address outside',
    (name) =>
      new gcp.compute.Instance(name, {
        ...machine,
        networkInterfaces: [{ ...machine.networkInterfaces[0]!, accessConfigs: [{}] }],
      }),
    /^compute\.Instance NAME: has an address outside$/,
  ],
  [
    'an IPv6 address outside',
    (name) =>
      new gcp.compute.InstanceTemplate(name, {
        ...machine,
        disks: [],
        networkInterfaces: [{ subnetwork: 's', stackType: 'IPV4_IPV6' }],
      }),
    /^compute\.InstanceTemplate NAME: has an address outside$/,
  ],
  [
    'an address to be used later',
    (name) => new gcp.compute.Address(name, { region: 'us-west1' }),
    /^compute\.Address NAME: is of a kind that no rule knows$/,
  ],
  [
    'a machine without Shielded VM',
    (name) =>
      new gcp.compute.Instance(name, {
        ...machine,
        shieldedInstanceConfig: { enableVtpm: true },
      }),
    /^compute\.Instance NAME: is no Shielded VM$/,
  ],
  [
    'a machine without OS Login',
    (name) =>
      new gcp.compute.Instance(name, {
        ...machine,
        metadata: { ...machine.metadata, 'enable-oslogin': 'FALSE' },
      }),
    /^compute\.Instance NAME: is without OS Login$/,
  ],
  [
    'a machine with the default account',
    (name) =>
      new gcp.compute.Instance(name, {
        ...machine,
        serviceAccount: {
          email: '123456789012-compute@developer.gserviceaccount.com',
          scopes: ['cloud-platform'],
        },
      }),
    /^compute\.Instance NAME: has no account of ours$/,
  ],
  [
    'a machine without a label',
    (name) => new gcp.compute.Instance(name, { ...machine, labels: {} }),
    /^compute\.Instance NAME: has no label$/,
  ],
  [
    'a function for everybody',
    (name) =>
      new gcp.cloudrunv2.ServiceIamMember(name, {
        name: 'run',
        role: 'roles/run.invoker',
        member: 'allUsers',
      }),
    /^cloudrunv2\.ServiceIamMember NAME: names allUsers$/,
  ],
  [
    'a topic for everybody with an account',
    (name) =>
      new gcp.pubsub.TopicIAMBinding(name, {
        topic: 'mpcomm-commands',
        role: 'roles/pubsub.publisher',
        members: ['allAuthenticatedUsers'],
      }),
    /^pubsub\.TopicIAMBinding NAME: names allAuthenticatedUsers$/,
  ],
  [
    'an access list for everybody',
    (name) =>
      new gcp.storage.BucketAccessControl(name, {
        bucket: 'b',
        entity: 'allUsers',
        role: 'READER',
      }),
    /^storage\.BucketAccessControl NAME: names allUsers$/,
  ],
  ...['owner', 'editor', 'viewer', 'pubsub.admin', 'iam.serviceAccountTokenCreator'].map(
    (role) =>
      [
        `the role ${role}`,
        (name: string) =>
          new gcp.projects.IAMMember(name, {
            ...iam,
            role: `roles/${role}`,
            member: `serviceAccount:${OWN}`,
          }),
        new RegExp(`^projects\\.IAMMember NAME: grants roles/${role}, which is not on the list$`),
      ] as const,
  ),
  [
    'a role of a stranger',
    (name) =>
      new gcp.secretmanager.SecretIamMember(name, {
        secretId: 'mpcomm-datagram-secret',
        role: 'roles/secretmanager.secretAccessor',
        member: 'serviceAccount:mpcomm-run@my-laboratory.iam.gserviceaccount.com',
      }),
    /^secretmanager\.SecretIamMember NAME: grants roles\/secretmanager\.secretAccessor to service/,
  ],
  [
    'a role without its condition',
    (name) =>
      new gcp.projects.IAMMember(name, {
        ...iam,
        role: 'roles/datastore.user',
        member: `serviceAccount:${OWN}`,
      }),
    /^projects\.IAMMember NAME: grants roles\/datastore\.user on the whole project$/,
  ],
  [
    'a role with a condition that narrows nothing',
    (name) =>
      new gcp.projects.IAMMember(name, {
        ...iam,
        role: 'roles/datastore.user',
        member: `serviceAccount:${OWN}`,
        condition: { title: 'any', expression: 'resource.name != ""' },
      }),
    /^projects\.IAMMember NAME: grants roles\/datastore\.user on the whole project$/,
  ],
  [
    'something of another provider',
    (name) => new Foreign('command:local:Command', name),
    /^command:local:Command NAME: is of a kind that no rule knows$/,
  ],
  [
    'a policy in place of grants',
    (name) => new gcp.projects.IAMPolicy(name, { ...iam, policyData: '{}' }),
    /^projects\.IAMPolicy NAME: replaces grants of others$/,
  ],
  [
    'a key file',
    (name) => new gcp.serviceaccount.Key(name, { serviceAccountId: OWN }),
    /^serviceaccount\.Key NAME: is of a kind that no rule knows$/,
  ],
  [
    'a secret in the state',
    (name) => new gcp.secretmanager.SecretVersion(name, { secret: 's', secretData: 'text' }),
    /^secretmanager\.SecretVersion NAME: is of a kind that no rule knows$/,
  ],
  [
    'a subscription that expires by default',
    (name) => new gcp.pubsub.Subscription(name, { ...subscription, expirationPolicy: undefined }),
    /^pubsub\.Subscription NAME: expires when nobody uses it$/,
  ],
  [
    'a subscription that expires after a month',
    (name) =>
      new gcp.pubsub.Subscription(name, {
        ...subscription,
        expirationPolicy: { ttl: '2678400s' },
      }),
    /^pubsub\.Subscription NAME: expires when nobody uses it$/,
  ],
  [
    'a bucket with access lists',
    (name) => new gcp.storage.Bucket(name, { ...bucket, uniformBucketLevelAccess: false }),
    /^storage\.Bucket NAME: has access lists of objects$/,
  ],
  [
    'a bucket that could be made public',
    (name) => new gcp.storage.Bucket(name, { ...bucket, publicAccessPrevention: 'inherited' }),
    /^storage\.Bucket NAME: could be made public$/,
  ],
  [
    'a bucket that outlives the stack',
    (name) => new gcp.storage.Bucket(name, { ...bucket, forceDestroy: false }),
    /^storage\.Bucket NAME: outlives the stack$/,
  ],
  ...NETWORK_ADDITIONS,
];
