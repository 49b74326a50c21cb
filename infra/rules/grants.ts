import { at, type Resource, textsIn, unless } from './resource.ts';

/** Who may hold a role: one of our accounts by its component, a service agent of Google's, or users. */
interface Grant {
  readonly kind: string;
  readonly role: string;
  readonly holders: readonly string[];
  /** Whether a condition must narrow it: a role on the whole project, where one part is meant. */
  readonly conditional?: true;
}

const USERS = 'users';

/** Everything that anybody may do. What is not here is refused, whatever it is. */
const GRANTS: readonly Grant[] = [
  {
    kind: 'pubsub.TopicIAMMember',
    role: 'roles/pubsub.publisher',
    holders: ['run', 'exit', 'expire', 'gcp-sa-pubsub'],
  },
  {
    kind: 'pubsub.SubscriptionIAMMember',
    role: 'roles/pubsub.subscriber',
    holders: ['peer', 'gcp-sa-pubsub'],
  },
  { kind: 'pubsub.SubscriptionIAMMember', role: 'roles/pubsub.viewer', holders: ['peer'] },
  {
    kind: 'projects.IAMMember',
    role: 'roles/datastore.user',
    holders: ['peer', 'run', 'compare', 'expire', 'check'],
    conditional: true,
  },
  {
    kind: 'projects.IAMMember',
    role: 'roles/datastore.viewer',
    holders: [USERS],
    conditional: true,
  },
  {
    kind: 'projects.IAMMember',
    role: 'roles/serviceusage.serviceUsageConsumer',
    holders: [USERS],
  },
  { kind: 'projects.IAMMember', role: 'roles/eventarc.eventReceiver', holders: ['events'] },
  { kind: 'projects.IAMMember', role: 'roles/eventarc.serviceAgent', holders: ['gcp-sa-eventarc'] },
  { kind: 'projects.IAMMember', role: 'roles/logging.logWriter', holders: ['build'] },
  {
    kind: 'projects.IAMMember',
    role: 'roles/storage.objectViewer',
    holders: ['build'],
    conditional: true,
  },
  {
    kind: 'artifactregistry.RepositoryIamMember',
    role: 'roles/artifactregistry.writer',
    holders: ['build'],
  },
  {
    kind: 'storage.BucketIAMMember',
    role: 'roles/storage.objectViewer',
    holders: ['peer', 'check'],
  },
  {
    kind: 'cloudrunv2.JobIamMember',
    role: 'roles/run.jobsExecutorWithOverrides',
    holders: [USERS],
  },
  { kind: 'cloudrunv2.JobIamMember', role: 'roles/run.viewer', holders: [USERS] },
  {
    kind: 'secretmanager.SecretIamMember',
    role: 'roles/secretmanager.secretAccessor',
    holders: ['peer'],
  },
  {
    kind: 'cloudrunv2.ServiceIamMember',
    role: 'roles/run.invoker',
    holders: [USERS, 'events', 'schedule'],
  },
];

/** A condition that keeps a role to one database, or to buckets that begin with a name. */
const NARROW =
  /^resource\.name(?: == |\.startsWith\()"projects\/[^"/]+\/(?:databases|buckets)\/[^"]+"\)?$/;

const EVERYBODY = /^(?:allUsers|allAuthenticatedUsers|domain:.*|principalSet:.*)$/i;

/** No text anywhere names everybody, whatever the property is called. */
export function everybodyProblems({ inputs }: Resource): string[] {
  return textsIn(inputs)
    .filter((text) => EVERYBODY.test(text))
    .map((text) => `names ${text}`);
}

/** A binding adds one member to one role that the table above gives to it. */
export function grantProblems(kind: string, { inputs }: Resource): string[] {
  // A policy or a binding of a whole role takes away what others granted, and is seen by no rule here.
  if (/(?:Iam|IAM)(?:Policy|Binding)$/.test(kind)) return ['replaces grants of others'];
  if (!/(?:Iam|IAM)Member$/.test(kind)) return [];
  const role = String(at(inputs, 'role'));
  const grants = GRANTS.filter((grant) => grant.kind === kind && grant.role === role);
  if (grants.length === 0) return [`grants ${role}, which is not on the list`];
  const holder = holderOf(String(at(inputs, 'member')));
  const isHeld = grants.some(({ holders }) => holders.includes(holder));
  const expression = at(inputs, 'condition', 'expression');
  const isNarrow = typeof expression === 'string' && NARROW.test(expression);
  const mustBeNarrow = grants.some(({ conditional }) => conditional === true);
  return [
    ...unless(isHeld, `grants ${role} to ${String(at(inputs, 'member'))}`),
    ...unless(isNarrow || !mustBeNarrow, `grants ${role} on the whole project`),
  ];
}

function holderOf(member: string): string {
  if (/^user:[^@\s]+@[^@\s]+$/.test(member)) return USERS;
  const own = /^serviceAccount:mpcomm-([a-z]+)@[a-z0-9-]+\.iam\.gserviceaccount\.com$/.exec(member);
  if (own !== null) return own[1]!;
  const agent = /^serviceAccount:service-[0-9]+@(gcp-sa-[a-z]+)\.iam\.gserviceaccount\.com$/.exec(
    member,
  );
  return agent?.[1] ?? 'a stranger';
}
