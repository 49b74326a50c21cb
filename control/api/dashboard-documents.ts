import { z } from 'zod';
import { GUARANTEE_NAMES } from '../../core/guarantees.ts';
import { comparisonSchema } from '../comparison-document.ts';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { reportSchema } from '../documents.ts';
import { fieldErrorSchema } from './function-documents.ts';
import { LIMITS } from '../limits.ts';
import { WORKLOADS } from '../workload.ts';

const GRID_VALUES_MAX = 64;
const GRID_RUNS_MAX = 1_000;

/**
 * What the dashboard on this machine answers, all of it derived from the documents of the store. Times are
 * milliseconds since 1970 on the clock of the laboratory, unless their name says otherwise.
 */
const count = z.int().min(0);

/** A peer that is, or was, in the registry. */
export const registeredPeerSchema = z.object({
  peerId: z.string(),
  zone: z.string(),
  /** Where other peers send their datagrams. */
  address: z.string(),
  startedAtMs: z.int(),
  heartbeatAtMs: z.int(),
  /** Whether its heartbeat is recent enough for it to become a member of a run. */
  live: z.boolean(),
});
export type RegisteredPeer = z.infer<typeof registeredPeerSchema>;

/** How far a run has come, as far as its members have uploaded. */
export const runProgressSchema = z.object({
  runId: z.string(),
  ordering: z.string(),
  phase: z.enum(['joining', 'running', 'comparing', 'overdue', 'compared']),
  createdAtMs: z.int(),
  deadlineMs: z.int(),
  deliveriesExpected: count,
  members: z.array(
    z.object({
      peerId: z.string(),
      zone: z.string(),
      deliveries: count,
      multicasts: count,
      /** `null` until it reports. */
      outcome: reportSchema.shape.outcome.nullable(),
    }),
  ),
});
export type LiveProgress = z.infer<typeof runProgressSchema>;

/** One run in a list. */
export const runSummarySchema = z.object({
  runId: z.string(),
  backend: z.string().nullable(),
  ordering: z.string().nullable(),
  peers: count.nullable(),
  messages: count.nullable(),
  zones: z.array(z.string()),
  seed: count.nullable(),
  /** Whether its members wrote down every event. */
  recorded: z.boolean(),
  state: runProgressSchema.shape.phase,
  rounds: count.nullable(),
  unorderedRounds: count.nullable(),
  /** Guarantees that the ordering declares and that the run broke. */
  broken: z.array(z.enum(GUARANTEE_NAMES)),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** A grid that is being measured on behalf of the page. */
export const gridProgressSchema = z.object({
  name: z.string(),
  state: z.enum(['measuring', 'ended', 'failed']),
  /** What the command said, the latest last. */
  notes: z.array(z.string()),
});
export type GridProgressDocument = z.infer<typeof gridProgressSchema>;

/** What stands behind the page, as it is told to every page that listens. */
export const laboratoryStatusSchema = z.object({
  /**
   * `up`: it answers; `starting`; `silent`: its process is there and its functions do not answer; `slow`: its
   * store does not answer, or cannot be read; `down`: there is none. Of the cloud only `up` and `slow` are told
   * apart.
   */
  state: z.enum(['up', 'starting', 'silent', 'slow', 'down']),
  /** One sentence for a person. */
  sentence: z.string(),
  backend: z.enum(['embedded', 'emulators', 'gcp']),
  /** Where its runs are kept. */
  place: z.string(),
  /** When this was found out, so that an age can be told of what is not renewed. */
  lookedAtMs: z.int(),
  peers: z.array(registeredPeerSchema),
  /** What can be run there: the registry, and an ordering from a file. */
  orderings: z.array(z.string()),
  /** The run that has the laboratory, or had it last. */
  progress: runProgressSchema.nullable(),
  /** The last run of all, finished or not: changes when there is something new to read. */
  latest: runSummarySchema.nullable(),
  grid: gridProgressSchema.nullable(),
});
export type LaboratoryStatus = z.infer<typeof laboratoryStatusSchema>;

/** A page of the history, the newest first. */
export const runListSchema = z.object({
  runs: z.array(runSummarySchema),
  /** How many runs were looked at: older ones are not searched. */
  searched: count,
  /** Whether there are older ones. */
  more: z.boolean(),
});
export type RunList = z.infer<typeof runListSchema>;

/** Everything about one run but what its members delivered. */
export const runDetailSchema = z.object({
  summary: runSummarySchema,
  /** `null` until it was compared. */
  comparison: comparisonSchema.nullable(),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

/** What each member delivered, in its order: delivery i is message (`senders[i]`, `sequences[i]`). */
export const deliveriesSchema = z.object({
  peers: z.array(
    z.object({
      peerId: z.string(),
      zone: z.string().nullable(),
      senders: z.array(count),
      sequences: z.array(count),
    }),
  ),
});
export type Deliveries = z.infer<typeof deliveriesSchema>;

/**
 * What each member wrote down, event by event, as core/records/event-log.ts has it: an array a field, and
 * event i is what they hold at place i. Of a run that did not record, the deliveries with their places.
 */
export const recordingSchema = z.object({
  /** `own`: each member's times are of its own clock; `none`: they are places in its order. */
  clocks: z.enum(['one', 'own', 'none']),
  notes: z.array(z.string()),
  /** With what the run is played again step by step; `null` where its plan is not known any more. */
  setup: z
    .object({
      ordering: z.string(),
      peers: count,
      messages: count,
      payloadBytes: count,
      workload: z.enum(WORKLOADS).optional(),
      seed: count,
    })
    .nullable(),
  logs: z.array(
    z.object({
      leftOut: count,
      /** Whether the timers of the ordering are among the events. */
      hasTimers: z.boolean(),
      types: z.array(count),
      timesUs: z.array(count),
      others: z.array(count),
      packets: z.array(count),
      kinds: z.array(count),
      senders: z.array(count),
      sequences: z.array(count),
      reasons: z.array(count),
    }),
  ),
});
export type RecordingDocument = z.infer<typeof recordingSchema>;

/** A grid to be measured, in a folder of its own. */
export const gridRequestBodySchema = z.strictObject({
  /** The name of the grid's folder, without the date. */
  name: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'a name is a-z, 0-9 and single hyphens')
    .max(60),
  orderings: z.array(z.enum(ORDERING_NAMES as [string, ...string[]])).min(1),
  peers: z.array(z.int().min(LIMITS.peersMin).max(LIMITS.peersMax)).min(1).max(GRID_VALUES_MAX),
  messages: z.array(z.int().min(1).max(LIMITS.messagesMax)).min(1).max(GRID_VALUES_MAX),
  /** Successful ones a cell. */
  runs: z.int().min(1).max(GRID_RUNS_MAX),
  seed: z.int().min(0).max(LIMITS.seedMax).optional(),
});
export type GridRequestBody = z.infer<typeof gridRequestBodySchema>;

/** What is known of a grid before anything is measured. */
export const gridCheckSchema = z.object({
  errors: z.array(fieldErrorSchema),
  /** How many runs, how long, and in the cloud for how much, in a sentence; empty where something is wrong. */
  foreseen: z.string(),
});
export type GridCheck = z.infer<typeof gridCheckSchema>;

/** A run of a grid, as far as a chart shows it. */
export const gridRunSchema = z.object({
  run: count,
  runId: z.string().nullable(),
  unorderedShare: z.number(),
  /** Median over the peers of their median; `null` where nothing was measured. */
  ownLatencyMs: z.number().nullable(),
  messagesPerMulticast: z.number().nullable(),
  datagramsPerMulticast: z.number().nullable(),
  broken: z.array(z.string()),
});

/** One grid with its cells, and the charts that there is data for, by file name, as SVG. */
export const gridDocumentSchema = z.object({
  folder: z.string(),
  cells: z.array(
    z.object({
      name: z.string(),
      ordering: z.string(),
      peers: count,
      messages: count,
      intervalMs: z.object({ min: count, max: count }),
      failed: count,
      runs: z.array(gridRunSchema),
    }),
  ),
  charts: z.array(z.object({ name: z.string(), svg: z.string() })),
  source: z.string(),
});
export type GridDocument = z.infer<typeof gridDocumentSchema>;

/** The grids that lie in the results folder. */
export const gridListSchema = z.object({
  place: z.string(),
  grids: z.array(z.object({ folder: z.string(), cells: count, runs: count, wanted: count })),
});
export type GridList = z.infer<typeof gridListSchema>;
