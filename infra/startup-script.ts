import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a peer's machine must know. Each becomes a constant of the script, under its name there. */
export interface StartupValues {
  readonly PROJECT: string;
  readonly TOPIC: string;
  readonly DATABASE: string;
  readonly PEER_ID: string;
  readonly ZONE: string;
  readonly UDP_PORT: string;
  readonly HEALTH_PORT: string;
  readonly SECRET: string;
  readonly SECRET_VERSION: string;
  readonly BUCKET: string;
  readonly NODE_OBJECT: string;
  readonly NODE_GENERATION: string;
  readonly NODE_SHA256: string;
  readonly PEER_OBJECT: string;
  readonly PEER_GENERATION: string;
  readonly PEER_SHA256: string;
}

/** No value needs more, and none of these ends a quoted text or means something in an address. */
const PLAIN = /^[A-Za-z0-9._()-]+$/;

const BODY = readFileSync(join(import.meta.dirname, 'peer-startup.sh'), 'utf8');

/** The script that a machine runs at every start. Throws when a value could be more than a value. */
export function startupScript(values: StartupValues): string {
  const assignments = Object.entries(values).map(([name, value]) => {
    if (!PLAIN.test(String(value))) {
      throw new Error(`${name} is "${value}", which does not belong into a script`);
    }
    return `readonly ${name}='${value}'`;
  });
  const [first, ...rest] = BODY.split('\n');
  return [first, ...assignments, '', ...rest].join('\n');
}
