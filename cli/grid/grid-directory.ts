import { mkdir, open, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { readIfPresent, writeWhole } from '../../local/state-directory.ts';
import { Failure } from '../shell/failure.ts';
import { splitLines } from './ndjson.ts';
import { gridParametersSchema, type GridParameters } from './parameters.ts';
import {
  failureRecordSchema,
  runRecordSchema,
  type FailureRecord,
  type RunRecord,
} from './records.ts';

/** What lies in a results folder. */
export interface GridData {
  readonly parameters: GridParameters;
  readonly runs: readonly RunRecord[];
  readonly failures: readonly FailureRecord[];
}

const PARAMETERS = 'parameters.json';
const RUNS = 'runs.ndjson';
const FAILURES = 'failures.ndjson';

/** One results folder: parameters written once, lines that are only ever appended. */
export class GridDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Creates the folder with its parameters. */
  async create(parameters: GridParameters): Promise<void> {
    await mkdir(this.path, { recursive: true });
    await this.write(PARAMETERS, `${JSON.stringify(parameters, null, 2)}\n`);
  }

  /** `null` where there is no grid. Throws `Failure` for one that cannot be read, saying where. */
  async read(): Promise<GridData | null> {
    const text = await readIfPresent(join(this.path, PARAMETERS));
    if (text === null) return null;
    const parameters = parse(gridParametersSchema, text, join(this.path, PARAMETERS));
    const runs = await this.#readLines(RUNS, runRecordSchema);
    return { parameters, runs, failures: await this.#readLines(FAILURES, failureRecordSchema) };
  }

  /** Cuts off what a killed process left half-written; gives the names of the files. */
  async repair(): Promise<string[]> {
    const repaired: string[] = [];
    for (const name of [RUNS, FAILURES]) {
      const file = join(this.path, name);
      const text = (await readIfPresent(file)) ?? '';
      const { tornCharacters } = splitLines(text);
      if (tornCharacters === 0) continue;
      const whole = text.slice(0, text.length - tornCharacters);
      await truncate(file, Buffer.byteLength(whole));
      repaired.push(name);
    }
    return repaired;
  }

  appendRun(record: RunRecord): Promise<void> {
    return this.#append(RUNS, record);
  }

  appendFailure(record: FailureRecord): Promise<void> {
    return this.#append(FAILURES, record);
  }

  /** Replaces one file in one step. */
  write(name: string, text: string): Promise<void> {
    return writeWhole(join(this.path, name), text, 0o644);
  }

  // On the disk before the next run begins: what was measured once is not measured again.
  async #append(name: string, record: object): Promise<void> {
    const file = await open(join(this.path, name), 'a', 0o644);
    try {
      await file.appendFile(`${JSON.stringify(record)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #readLines<Schema extends z.ZodType>(name: string, schema: Schema) {
    const file = join(this.path, name);
    const { lines } = splitLines((await readIfPresent(file)) ?? '');
    return lines.map((line, index) => parse(schema, line, `${file}, line ${index + 1}`));
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, where: string) {
  let problem = 'it is no JSON';
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    problem = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'of another kind'}`;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Failure(`${where} cannot be read (${problem})`);
}

/** Folders in `out` that end with this grid's name, `<date>-<name>`, the oldest first. */
export async function foldersNamed(out: string, name: string): Promise<string[]> {
  const found = await readdir(out).catch((error: unknown): string[] => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return found.filter((each) => /^\d{4}-\d{2}-\d{2}-/.test(each) && each.slice(11) === name).sort();
}
