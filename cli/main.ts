import { EXIT } from './shell/failure.ts';
import { signalOfInterruption } from './shell/interruption.ts';
import { createProgram } from './program.ts';
import { endWith } from './shell/end-with.ts';
import { processTerminal } from './shell/terminal.ts';

const QUIET_WARNINGS: readonly string[] = ['ExperimentalWarning'];

async function main(): Promise<void> {
  silenceWarnings();
  const terminal = processTerminal();
  const signal = signalOfInterruption(terminal);
  let status: number = EXIT.done;
  try {
    const finish = (given: number) => void (status = given);
    const program = await createProgram({ terminal, signal }, finish, process.argv[2]);
    await program.parseAsync();
  } catch (error) {
    status = endWith(signal.aborted ? signal.reason : error, terminal);
  }
  // What is left open now, such as a half-read pipe, must not hold the process.
  process.exitCode = status;
  setTimeout(() => process.exit(), 2_000).unref();
}

// node:sqlite is called experimental; that is no news to the user of a command.
function silenceWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (!QUIET_WARNINGS.includes(warning.name)) process.stderr.write(`${String(warning)}\n`);
  });
}

await main();
