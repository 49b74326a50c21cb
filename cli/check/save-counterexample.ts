import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileReason } from '../../local/state/file-error.ts';
import { writeWhole } from '../../local/state-directory.ts';
import { createFolder } from '../shell/create-folder.ts';
import { Failure } from '../shell/failure.ts';

/** What is kept of a counterexample, as text. */
export interface CounterexampleFiles {
  /** The scenario, as `mpcomm simulate --scenario` reads it. */
  readonly scenario: string;
  /** Its space-time diagram; `null` where there is none. */
  readonly svg: string | null;
}

/** Where its parts are now; `null` for what there is not, or what could not be saved. */
export interface SavedCounterexample {
  readonly scenarioFile: string | null;
  readonly diagramFile: string | null;
  /** Why something could not be saved, in a sentence; `null` when all of it was. */
  readonly problem: string | null;
}

/**
 * Saves a counterexample in `file`, and its diagram beside it. Never throws: a counterexample that was
 * found is told, whether or not there is a place to keep it.
 */
export async function saveCounterexample(
  file: string,
  { scenario, svg }: CounterexampleFiles,
): Promise<SavedCounterexample> {
  const diagramFile = svg === null ? null : `${file.replace(/\.json$/, '')}.svg`;
  let scenarioFile: string | null = null;
  try {
    await createFolder(dirname(file));
    await writeWhole(file, scenario);
    scenarioFile = file;
    if (diagramFile !== null) await writeWhole(diagramFile, svg!);
    return { scenarioFile, diagramFile, problem: null };
  } catch (error) {
    const what = scenarioFile === null ? 'The counterexample' : 'The picture of it';
    const problem =
      `${what} could not be saved (${fileReason(error)}); ` +
      '--save FILE or --state DIRECTORY chooses another place.';
    return { scenarioFile, diagramFile: null, problem };
  }
}

/** Writes a text, in a folder that may be new. Gives why that could not be done, or `null`. */
export async function saveText(file: string, text: string): Promise<string | null> {
  try {
    await createFolder(dirname(file));
    await writeWhole(file, text);
    return null;
  } catch (error) {
    return fileReason(error);
  }
}

/**
 * Refuses a folder as the file for a counterexample, and a file that holds something else, such as the source of
 * the ordering: it would be replaced.
 */
export async function refuseSave(file: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') return;
    throw new Failure(`--save ${file} is a directory; allowed is a file`);
  }
  if (text.trim() === '' || isKept(text)) return;
  throw new Failure(
    `--save ${file} would replace a file that is no counterexample; allowed is a new one, or one that check saved`,
  );
}

function isKept(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && ('peers' in value || 'choices' in value);
  } catch {
    return false;
  }
}
