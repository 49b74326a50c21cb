import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { type Identities, memberOf } from './identities.ts';
import type { Project } from './project.ts';

/** How many images of a function stay: the one that runs, and one to look at. */
const IMAGES_KEPT = 2;

/** Images without a use go after a day. */
const IMAGE_AGE_MIN = '86400s';

export interface Images {
  readonly repository: gcp.artifactregistry.Repository;
  /** The grants that the first build needs. */
  readonly granted: readonly pulumi.Resource[];
}

/** Where the images are kept, and what Cloud Build may do to make them. */
export function createImages(
  { options, id, labels, configuration }: Project,
  { build }: Identities,
): Images {
  const repository = new gcp.artifactregistry.Repository(
    'images',
    {
      project: id,
      location: configuration.region,
      repositoryId: 'mpcomm-functions',
      description: 'Images of the functions of MPComm',
      format: 'DOCKER',
      cleanupPolicyDryRun: false,
      cleanupPolicies: [
        { id: 'delete-old', action: 'DELETE', condition: { olderThan: IMAGE_AGE_MIN } },
        { id: 'keep-recent', action: 'KEEP', mostRecentVersions: { keepCount: IMAGES_KEPT } },
      ],
      labels,
    },
    options,
  );
  const writer = new gcp.artifactregistry.RepositoryIamMember(
    'images-build',
    {
      project: id,
      location: configuration.region,
      repository: repository.repositoryId,
      role: 'roles/artifactregistry.writer',
      member: memberOf(build),
    },
    options,
  );
  const logs = new gcp.projects.IAMMember(
    'build-logs',
    { project: id, role: 'roles/logging.logWriter', member: memberOf(build) },
    options,
  );
  // Cloud Functions puts the source that it was given into a bucket of its own making, whose name
  // begins like this: only there the build may read.
  const prefix = `projects/_/buckets/gcf-v2-sources-`;
  const sources = new gcp.projects.IAMMember(
    'build-sources',
    {
      project: id,
      role: 'roles/storage.objectViewer',
      member: memberOf(build),
      condition: {
        title: 'only sources of functions',
        expression: `resource.name.startsWith("${prefix}")`,
      },
    },
    options,
  );
  return { repository, granted: [writer, logs, sources] };
}
