import { z } from 'zod';
import { askGoogle, type DeploymentQuestion, lastPart } from './google-question.ts';

/** The group that keeps a peer's machine. */
export interface GroupFact {
  readonly name: string;
  readonly zone: string;
  /** Whether its one machine is there and nothing is being done about it. */
  readonly isStable: boolean;
  /** What is being done about it, such as `creating`; empty for nothing. */
  readonly doing: string;
  /** The template that its machines are made from, by its name; empty where Google does not say. */
  readonly template: string;
}

export interface QuotaFact {
  readonly limit: number;
  readonly used: number;
}

const COMPUTE = 'compute.googleapis.com';
const ROLE = 'roles/compute.viewer';

const groupsSchema = z.object({
  items: z
    .record(
      z.string(),
      z.object({
        instanceGroupManagers: z
          .array(
            z.object({
              name: z.string(),
              zone: z.string().default(''),
              status: z.object({ isStable: z.boolean().default(false) }).optional(),
              currentActions: z.record(z.string(), z.number()).default({}),
              versions: z.array(z.object({ instanceTemplate: z.string().default('') })).default([]),
            }),
          )
          .default([]),
      }),
    )
    .default({}),
});

export async function askGroups(question: DeploymentQuestion): Promise<GroupFact[]> {
  const filter = encodeURIComponent('name eq mpcomm-peer-.*');
  const path = `compute/v1/projects/${question.project}/aggregated/instanceGroupManagers?filter=${filter}`;
  const json = await askGoogle(question, COMPUTE, path, ROLE);
  return Object.values(groupsSchema.parse(json).items).flatMap(({ instanceGroupManagers }) =>
    instanceGroupManagers.map(({ name, zone, status, currentActions, versions }) => ({
      name,
      zone: lastPart(zone),
      isStable: status?.isStable ?? false,
      doing: Object.entries(currentActions)
        .filter(([action, count]) => action !== 'none' && count > 0)
        .map(([action]) => action)
        .join(', '),
      template: templateName(versions[0]?.instanceTemplate ?? ''),
    })),
  );
}

/** A link to a template may name its number besides: `.../NAME?uniqueId=1`. */
function templateName(link: string): string {
  return lastPart(link.replace(/\?.*$/, ''));
}

const quotaSchema = z.object({
  quotas: z.array(
    z.object({ metric: z.string(), limit: z.number(), usage: z.number().default(0) }),
  ),
});

export async function askProcessors(question: DeploymentQuestion): Promise<QuotaFact> {
  const path = `compute/v1/projects/${question.project}?fields=quotas`;
  const json = await askGoogle(question, COMPUTE, path, ROLE);
  const found = quotaSchema.parse(json).quotas.find(({ metric }) => metric === 'CPUS_ALL_REGIONS');
  if (found === undefined) throw new Error('Google names no quota CPUS_ALL_REGIONS');
  return { limit: found.limit, used: found.usage };
}

const templatesSchema = z.object({
  items: z
    .array(
      z.object({
        name: z.string(),
        properties: z
          .object({
            metadata: z
              .object({
                items: z
                  .array(z.object({ key: z.string(), value: z.string().default('') }))
                  .default([]),
              })
              .default({ items: [] }),
          })
          .optional(),
      }),
    )
    .default([]),
});

/** Which version of the secret a template has its machines read, by the template's name. */
export async function askSecretsRead(question: DeploymentQuestion): Promise<Map<string, number>> {
  const path = `compute/v1/projects/${question.project}/global/instanceTemplates?maxResults=500`;
  const { items } = templatesSchema.parse(await askGoogle(question, COMPUTE, path, ROLE));
  return new Map(
    items.flatMap(({ name, properties }) => {
      const entries = properties?.metadata.items ?? [];
      const script = entries.find(({ key }) => key === 'startup-script')?.value ?? '';
      // The line is written by infra/startup-script.ts.
      const version = /^readonly SECRET_VERSION='(\d+)'$/m.exec(script)?.[1];
      return version === undefined ? [] : [[name, Number(version)] as const];
    }),
  );
}
