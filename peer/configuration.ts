import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DATAGRAM_BYTES_DEFAULT, DATAGRAM_BYTES_MAX } from '../core/wire/datagram.ts';
import { HEARTBEAT_MS, SILENCE_MS } from '../control/limits.ts';
import { peerIdSchema, zoneSchema } from '../control/names.ts';
import { REGIONS, regionOf } from '../network/network-model.ts';

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]+$/, `must be a whole number in ${min}..${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number in ${min}..${max}`);

const SECRET_CHARACTERS_MIN = 32;

/** The daemon's environment; the backend's own variables are checked by backend/open-backend.ts. */
export const environmentSchema = z.object({
  MPCOMM_PEER_ID: peerIdSchema,
  MPCOMM_ZONE: zoneSchema,
  /** Where other peers reach this one. */
  MPCOMM_HOST: z.string().min(1).max(255).default('127.0.0.1'),
  /** Where the socket is bound; a machine without a public address may bind all its interfaces. */
  MPCOMM_BIND: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port: the registry tells the others. */
  MPCOMM_PORT: integer(0, 65_535).default(0),
  /** The longest datagram that its paths carry; larger ones than by default are never assumed. */
  MPCOMM_DATAGRAM_BYTES: integer(DATAGRAM_BYTES_DEFAULT, DATAGRAM_BYTES_MAX).optional(),
  /** `native`: several datagrams a call of the system, where it can (peer/transport/native/). */
  MPCOMM_TRANSPORT: z.enum(['dgram', 'native']).default('dgram'),
  MPCOMM_SECRET: z.string().min(SECRET_CHARACTERS_MIN),
  MPCOMM_NETWORK: z.enum(['real', 'emulated']).default('real'),
  MPCOMM_LOSS: z
    .string()
    .regex(/^(0|0?\.[0-9]+)$/, 'must be a rate such as 0.2')
    .transform(Number)
    .refine((rate) => rate <= 0.5, 'must be a rate in 0..0.5')
    .default(0),
  MPCOMM_HEARTBEAT_MS: integer(100, 60_000).default(HEARTBEAT_MS),
  MPCOMM_SILENCE_MS: integer(1_000, 3_600_000).default(SILENCE_MS),
  /** The port for health checks, on the address in MPCOMM_BIND; without it nothing listens. */
  MPCOMM_HEALTH_PORT: integer(0, 65_535).optional(),
  MPCOMM_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface PeerConfiguration {
  readonly peerId: string;
  readonly zone: string;
  readonly host: string;
  readonly bind: string;
  readonly port: number;
  /** The longest datagram that its paths carry; `null` for what every path does. */
  readonly datagramBytes: number | null;
  readonly transport: 'dgram' | 'native';
  /** The laboratory's master secret: never logged, never sent. */
  readonly secret: string;
  readonly network: 'real' | 'emulated';
  /** Rate at which the emulated network loses datagrams. */
  readonly loss: number;
  readonly heartbeatMs: number;
  /** A subscription that delivered nothing for this long is opened again. */
  readonly silenceMs: number;
  /** TCP port of the health endpoint (0: any free one); `null` for none. */
  readonly healthPort: number | null;
  readonly logLevel: string;
}

/** A configuration that cannot be used; the message names each variable and what it may be. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/**
 * Reads the daemon's configuration from environment variables (docs/architecture.md lists them).
 * The secret comes from MPCOMM_SECRET, or from the file that MPCOMM_SECRET_FILE names.
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
  readText: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): PeerConfiguration {
  const parsed = environmentSchema.safeParse(withSecret(environment, readText));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw new ConfigurationError(problems.join('\n'));
  }
  const values = parsed.data;
  if (values.MPCOMM_NETWORK === 'emulated' && !REGIONS.includes(regionOf(values.MPCOMM_ZONE))) {
    throw new ConfigurationError(
      `MPCOMM_ZONE: no latency is known for the region of ${values.MPCOMM_ZONE}; ` +
        `MPCOMM_NETWORK=emulated knows ${REGIONS.join(', ')}`,
    );
  }
  return {
    peerId: values.MPCOMM_PEER_ID,
    zone: values.MPCOMM_ZONE,
    host: values.MPCOMM_HOST,
    bind: values.MPCOMM_BIND,
    port: values.MPCOMM_PORT,
    datagramBytes: values.MPCOMM_DATAGRAM_BYTES ?? null,
    transport: values.MPCOMM_TRANSPORT,
    secret: values.MPCOMM_SECRET,
    network: values.MPCOMM_NETWORK,
    loss: values.MPCOMM_LOSS,
    heartbeatMs: values.MPCOMM_HEARTBEAT_MS,
    silenceMs: values.MPCOMM_SILENCE_MS,
    healthPort: values.MPCOMM_HEALTH_PORT ?? null,
    logLevel: values.MPCOMM_LOG_LEVEL,
  };
}

function withSecret(
  environment: Readonly<Record<string, string | undefined>>,
  readText: (path: string) => string,
): Readonly<Record<string, string | undefined>> {
  const file = environment['MPCOMM_SECRET_FILE'];
  if (file === undefined || environment['MPCOMM_SECRET'] !== undefined) return environment;
  try {
    return { ...environment, MPCOMM_SECRET: readText(file).trim() };
  } catch (error) {
    throw new ConfigurationError(`MPCOMM_SECRET_FILE: ${file} cannot be read`, { cause: error });
  }
}
