import { openBackend } from '../../../backend/open-backend.ts';
import { shardOf } from '../check-shard.ts';
import { checkJobSchema } from './check-part.ts';
import { performPart } from './perform-part.ts';

/**
 * A task of a check, as Cloud Run starts it: which part is its own stands in CLOUD_RUN_TASK_INDEX and
 * CLOUD_RUN_TASK_COUNT, what is checked in its only argument, as JSON. Status 0 once its part is written;
 * anything else has the task retried, which does no harm.
 */
const job = checkJobSchema.parse(JSON.parse(process.argv[2] ?? ''));
const shard = shardOf(process.env);
if (shard === null) throw new Error('CLOUD_RUN_TASK_INDEX and CLOUD_RUN_TASK_COUNT are not set');
const backend = await openBackend(process.env);
try {
  const what = await performPart(backend.store, job, shard);
  process.stdout.write(`${JSON.stringify({ ...job, ...shard, what })}\n`);
} finally {
  await backend.close();
}
