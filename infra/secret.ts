import * as gcp from '@pulumi/gcp';
import { type Identities, memberOf } from './identities.ts';
import type { Project } from './project.ts';

export const SECRET_ID = 'mpcomm-datagram-secret';

export interface DatagramSecret {
  readonly secret: gcp.secretmanager.Secret;
  readonly readable: gcp.secretmanager.SecretIamMember;
}

/**
 * The laboratory's secret, from which each run's keys of datagrams are derived (peer/transport/authentication.ts),
 * readable by peers alone. Its value is none of Pulumi's business: `npm run deploy` adds the first
 * version, made of random bytes, so that no state and no log ever holds it.
 */
export function createSecret(
  { options, id, labels }: Project,
  { peer }: Identities,
): DatagramSecret {
  const secret = new gcp.secretmanager.Secret(
    'datagram-secret',
    {
      project: id,
      secretId: SECRET_ID,
      replication: { auto: {} },
      deletionProtection: false,
      labels,
    },
    options,
  );
  const readable = new gcp.secretmanager.SecretIamMember(
    'datagram-secret-peer',
    {
      project: id,
      secretId: secret.secretId,
      role: 'roles/secretmanager.secretAccessor',
      member: memberOf(peer),
    },
    options,
  );
  return { secret, readable };
}
