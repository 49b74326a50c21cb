import { existsSync } from 'node:fs';
import { appendFile, open, readdir, truncate } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { writing } from '../../local/state/file-error.ts';
import { isAbsence, readIfPresent, writeWhole } from '../../local/state-directory.ts';
import { createFolder } from '../shell/create-folder.ts';
import { Failure, messageOf } from '../shell/failure.ts';
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

  /** Creates the folder with its parameters. Throws `FileError`. */
  async create(parameters: GridParameters): Promise<void> {
    await writing(this.path, () => createFolder(resolve(this.path)));
    await this.write(PARAMETERS, `${JSON.stringify(parameters, null, 2)}\n`);
  }

  /** `null` where there is no grid. Throws `Failure` for one that cannot be read, saying where. */
  async read(): Promise<GridData | null> {
    const text = await this.#textOf(PARAMETERS);
    if (text === null) return null;
    const parameters = parse(gridParametersSchema, text, join(this.path, PARAMETERS));
    const runs = await this.#readLines(RUNS, runRecordSchema);
    return { parameters, runs, failures: await this.#readLines(FAILURES, failureRecordSchema) };
  }

  /** Cuts off what a killed process left half-written, and ends a last line without its end; gives the names of what it cut. */
  async repair(): Promise<string[]> {
    const repaired: string[] = [];
    for (const name of [RUNS, FAILURES]) {
      const file = join(this.path, name);
      const text = (await this.#textOf(name)) ?? '';
      const { tornCharacters, lacksEnd } = splitLines(text);
      if (lacksEnd) await writing(file, () => appendFile(file, '\n'));
      if (tornCharacters === 0) continue;
      const whole = text.slice(0, text.length - tornCharacters);
      await writing(file, () => truncate(file, Buffer.byteLength(whole)));
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
  #append(name: string, record: object): Promise<void> {
    const path = join(this.path, name);
    return writing(path, async () => {
      const file = await open(path, 'a', 0o644);
      try {
        await file.appendFile(`${JSON.stringify(record)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  /** The text of one of its files, or `null` without it. Throws `Failure` where it cannot be read. */
  async #textOf(name: string): Promise<string | null> {
    const file = join(this.path, name);
    try {
      return await readIfPresent(file);
    } catch (error) {
      throw new Failure(`${file} cannot be read: ${messageOf(error)}`);
    }
  }

  async #readLines<Schema extends z.ZodType>(name: string, schema: Schema) {
    const file = join(this.path, name);
    const { lines } = splitLines((await this.#textOf(name)) ?? '');
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

/** Folders in `out` that end with this grid's name, `<date>-<name>`, the oldest first. Throws `Failure`. */
export async function foldersNamed(out: string, name: string): Promise<string[]> {
  const found = await readdir(out).catch((error: unknown): string[] => {
    if (isAbsence(error) && !existsSync(out)) return [];
    const isFile = (error as NodeJS.ErrnoException).code === 'ENOTDIR';
    const problem = isFile ? 'is no folder' : `cannot be read: ${messageOf(error)}`;
    throw new Failure(`--out ${out} ${problem}; name the folder for the results`);
  });
  return found.filter((each) => /^\d{4}-\d{2}-\d{2}-/.test(each) && each.slice(11) === name).sort();
}
