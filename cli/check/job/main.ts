import { openBackend } from '../../../backend/open-backend.ts';
import { messageOf } from '../../shell/failure.ts';
import { shardOf } from '../check-shard.ts';
import { type CheckJob, checkJobSchema } from './check-part.ts';
import { performPart } from './perform-part.ts';

/**
 * A task of a check, as Cloud Run starts it: which part is its own stands in CLOUD_RUN_TASK_INDEX and
 * CLOUD_RUN_TASK_COUNT, what is checked in its only argument, as JSON. Status 0 once its part is written;
 * anything else has the task retried, which does no harm.
 */
async function perform(): Promise<string> {
  const job = parseJob(process.argv[2]);
  const shard = shardOf(process.env);
  if (shard === null) throw new Error('CLOUD_RUN_TASK_INDEX and CLOUD_RUN_TASK_COUNT are not set');
  const backend = await openBackend(process.env);
  try {
    const what = await performPart(backend.store, job, shard);
    return JSON.stringify({ ...job, ...shard, what });
  } finally {
    await backend.close();
  }
}

function parseJob(text: string | undefined): CheckJob {
  if (text === undefined) throw new Error('there is no argument that says what to check');
  const { data, error } = checkJobSchema.safeParse(JSON.parse(text));
  if (data !== undefined) return data;
  const issues = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`the argument does not say what to check: ${issues.slice(0, 2).join('; ')}`);
}

try {
  process.stdout.write(`${await perform()}\n`);
} catch (error) {
  // Left to Node, an error comes with the line that threw it: in a bundle, with a hundred thousand characters.
  process.stderr.write(`mpcomm check: ${messageOf(error)}\n`);
  // The process ends at once: a read that was given up goes on in Firestore's client, and throws where
  // nobody can catch it.
  process.exit(1);
}
