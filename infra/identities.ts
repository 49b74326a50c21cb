import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Project } from './project.ts';

/** One account a component: what one of them loses is what that one could do, and no more. */
const COMPONENTS = {
  peer: 'The daemons: take commands, exchange datagrams, write what they delivered',
  run: 'The function run: begins runs and publishes their commands',
  exit: 'The function exit: publishes the exit command, and reads nothing',
  compare: 'The function compare: reads reports, writes comparisons',
  expire: 'The function expire: does the same for runs that are over',
  events: 'The trigger: receives events of the database and calls compare',
  schedule: 'The schedule: calls expire',
  build: 'Cloud Build, where it makes the images of the functions',
} as const;

export type Component = keyof typeof COMPONENTS;
export type Identities = Readonly<Record<Component, gcp.serviceaccount.Account>>;

/**
 * Creates the accounts. None has a key: each is used by what runs as it, and nobody can carry it
 * away in a file. None is a default account, whose roles others decide.
 */
export function createIdentities({ options, id }: Project): Identities {
  const accounts = Object.entries(COMPONENTS).map(([component, description]) => [
    component,
    new gcp.serviceaccount.Account(
      `account-${component}`,
      {
        project: id,
        accountId: `mpcomm-${component}`,
        displayName: `MPComm ${component}`,
        description,
      },
      options,
    ),
  ]);
  return Object.fromEntries(accounts) as Identities;
}

/** The account as a member of a binding. */
export function memberOf(account: gcp.serviceaccount.Account): pulumi.Output<string> {
  return pulumi.interpolate`serviceAccount:${account.email}`;
}

/**
 * Who may use the database with its documents. The role is one on the project, as Firestore knows
 * no other, and the condition keeps it to this database.
 */
export function grantDatabase(
  { options, id, configuration }: Project,
  name: string,
  role: 'roles/datastore.user' | 'roles/datastore.viewer',
  member: pulumi.Input<string>,
): gcp.projects.IAMMember {
  const { database } = configuration;
  return new gcp.projects.IAMMember(
    `database-${name}`,
    {
      project: id,
      role,
      member,
      condition: {
        title: 'only the database of MPComm',
        expression: `resource.name == "projects/${id}/databases/${database}"`,
      },
    },
    options,
  );
}
