import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of what is deployed, not yet written. */
export interface BuiltFile {
  readonly name: string;
  readonly text: string;
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Writes `files` into `directory` and prints `SHA-256  bytes  name` for each, to be compared. */
export async function writeFiles(directory: string, files: readonly BuiltFile[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  // A module of an earlier build, under another name, would be uploaded with the others.
  const stale = (await readdir(directory)).filter((name) => /-[0-9A-Z]{8}\.js$/.test(name));
  await Promise.all(stale.map((name) => rm(join(directory, name))));
  for (const { name, text } of files) {
    await writeFile(join(directory, name), text);
    console.log(describeFile(name, text));
  }
}

/** `SHA-256  bytes  name`, the line that two builds of one commit share. */
export function describeFile(name: string, content: string | Uint8Array): string {
  return `${sha256Of(content)}  ${String(Buffer.byteLength(content)).padStart(8)}  ${name}`;
}
