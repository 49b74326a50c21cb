import { type Libc, loadLibc } from '../../peer/transport/native/libc.ts';

/** The functions of the native transport for the tests of one file; `null`, and a line that says why, where there are none. */
export async function libcForTests(): Promise<Libc | null> {
  try {
    return await loadLibc();
  } catch (error) {
    process.stderr.write(`skipped, as there is no native transport here: ${String(error)}\n`);
    return null;
  }
}
