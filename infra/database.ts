import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { grantDatabase, type Identities, memberOf } from './identities.ts';
import { after, type Project } from './project.ts';

/** The field in which a document says when it may go, and where there are such documents. */
export const EXPIRY_FIELD = 'expiresAt';
export const EXPIRING_COLLECTIONS: readonly string[] = [
  'chunks',
  'comparisons',
  'events',
  'parts',
  'peers',
  'reports',
  'requests',
  'runs',
];

/** Deliveries and recorded events, encoded: up to a megabyte that nobody ever searches for. */
export const BYTES_COLLECTIONS: readonly string[] = ['chunks', 'events'];
export const BYTES_FIELD = 'bytes';

/**
 * Rules speak to clients in browsers and telephones, of which there are none: whoever comes that way
 * is refused everything. Functions and daemons come with an account, and IAM decides.
 */
const DENY_ALL = `rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    match /{document=**} {
      allow read, write: if false;
    }
  }
}
`;

export interface Documents {
  readonly database: gcp.firestore.Database;
  /**
   * The policies on what it forgets and does not index: each takes minutes, and they are the last to be
   * there.
   */
  readonly policies: readonly pulumi.Resource[];
}

/** The database, what it forgets and does not index, who may use it, and that nobody else may. */
export function createDatabase(project: Project, identities: Identities): Documents {
  const { options, id, configuration } = project;
  const database = new gcp.firestore.Database(
    'database',
    {
      project: id,
      name: configuration.database,
      // Where the functions are: they read and write most.
      locationId: configuration.region,
      type: 'FIRESTORE_NATIVE',
      databaseEdition: 'STANDARD',
      pointInTimeRecoveryEnablement: 'POINT_IN_TIME_RECOVERY_DISABLED',
      // What is deployed for a lesson goes with it. By default Pulumi would leave the database.
      deleteProtectionState: 'DELETE_PROTECTION_DISABLED',
      deletionPolicy: 'DELETE',
    },
    options,
  );
  const policies = createFields(project, database);
  createRules(project, database);
  for (const user of ['peer', 'run', 'compare', 'expire'] as const) {
    grantDatabase(project, user, 'roles/datastore.user', memberOf(identities[user]));
  }
  for (const address of configuration.invokers) {
    grantDatabase(project, `reader-${address}`, 'roles/datastore.viewer', `user:${address}`);
    // A person's credentials belong to no project: what they read must count as read by this one.
    new gcp.projects.IAMMember(
      `caller-${address}`,
      {
        project: project.id,
        role: 'roles/serviceusage.serviceUsageConsumer',
        member: `user:${address}`,
      },
      project.options,
    );
  }
  return { database, policies };
}

function createFields(project: Project, database: gcp.firestore.Database): pulumi.Resource[] {
  const { id } = project;
  // These policies go with the database: deleting each of them would take minutes.
  const options = { ...project.options, deletedWith: database };
  const expiries = EXPIRING_COLLECTIONS.map((collection) => {
    return new gcp.firestore.Field(
      `field-${collection}-expiry`,
      {
        project: id,
        database: database.name,
        collection,
        field: EXPIRY_FIELD,
        ttlConfig: {},
        // Times that only ever grow make one end of an index hot, and nobody asks it anything.
        indexConfig: {},
      },
      options,
    );
  });
  const bytes = BYTES_COLLECTIONS.map((collection) => {
    return new gcp.firestore.Field(
      `field-${collection}-bytes`,
      {
        project: id,
        database: database.name,
        collection,
        field: BYTES_FIELD,
        indexConfig: {},
      },
      options,
    );
  });
  return [...expiries, ...bytes];
}

function createRules(project: Project, database: gcp.firestore.Database): void {
  const { id, configuration } = project;
  const ruleset = new gcp.firebaserules.Ruleset(
    'rules',
    {
      project: id,
      source: { files: [{ name: 'firestore.rules', content: DENY_ALL }] },
    },
    after(project, database),
  );
  const name =
    configuration.database === '(default)'
      ? 'cloud.firestore'
      : `cloud.firestore/${configuration.database}`;
  new gcp.firebaserules.Release(
    'rules-release',
    { project: id, name, rulesetName: ruleset.name },
    after(project, database),
  );
}
