import { resolve } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { readBuilds } from './artifacts.ts';
import {
  ConfigurationError,
  parseConfiguration,
  type Settings,
  SETTINGS,
} from './configuration.ts';
import { createLaboratory } from './laboratory.ts';

/** The program that Pulumi runs: settings and builds in, resources out. */
const config = new pulumi.Config();

function readConfiguration() {
  const settings = SETTINGS.map((name) => [name, config.get(name)] as const);
  try {
    return parseConfiguration(
      Object.fromEntries(settings.filter(([, value]) => value !== undefined)) as Settings,
    );
  } catch (error) {
    // Without the stack that Pulumi would print of any other error.
    if (error instanceof ConfigurationError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/** Where `npm run build` leaves what is deployed. */
const dist = resolve(process.env['MPCOMM_DIST'] ?? resolve(import.meta.dirname, '../dist'));

const laboratory = createLaboratory(readConfiguration(), readBuilds(dist));

export const { project, region, runUrl, exitUrl, topic, database, secret, peers, digests } =
  laboratory;
