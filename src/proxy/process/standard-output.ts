// The log on standard output. All lines of one turn of the event loop are written at once, and after it: a write to a pipe is a system
// call that wakes the reader, and nobody's call should wait for it. A log that cannot be written ends no call.

/** Collects lines and writes them together. */
export interface LineWriter {
  add(line: string): void;
  /** Writes what has been collected, now. */
  flush(): void;
}

/** Creates a writer. `afterTurn` runs a task once everything that is ready now has run. */
export function createLineWriter(
  write: (text: string) => void,
  afterTurn: (task: () => void) => void = setImmediate,
): LineWriter {
  let lines = '';
  const flush = (): void => {
    const text = lines;
    lines = '';
    if (text !== '') write(text);
  };
  return {
    add(line) {
      if (lines === '') afterTurn(flush);
      lines += `${line}\n`;
    },
    flush,
  };
}

/** The part of standard output that the log uses. */
export interface LogOutput {
  write(text: string, done: (error?: NodeJS.ErrnoException | null) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
}

/**
 * Creates a writer that outlives its reader. Node ends the process when nobody listens for a write's error, and with it every call in flight:
 * here the lines are dropped, and the first loss is noted. Each later write is tried, once: a named pipe can get another reader, and a full disk room.
 */
export function createLastingWrite(output: LogOutput, note: (line: string) => void): (text: string) => void {
  let isLost = false;
  // The callback of the write has it, too.
  output.on('error', () => {});
  return (text) => {
    output.write(text, (error) => {
      if (error && !isLost)
        note(
          `The log cannot be written (${error.code ?? 'unknown'}). Calls go on; its lines are dropped until it can.`,
        );
      isLost = Boolean(error);
    });
  };
}

let standardOutput: LineWriter | undefined;

function openStandardOutput(): LineWriter {
  // Often the same reader's.
  process.stderr.on('error', () => {});
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  const writer = createLineWriter(createLastingWrite(process.stdout, note));
  // Standard output is synchronous on a pipe and in a file.
  process.once('exit', writer.flush);
  return writer;
}

/** Writes a line of the log to standard output, before the process exits at the latest. */
export function logToStandardOutput(line: string): void {
  standardOutput ??= openStandardOutput();
  standardOutput.add(line);
}
