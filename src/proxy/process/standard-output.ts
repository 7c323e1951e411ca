// The log on standard output. All lines of one turn of the event loop are written at once, and after it: a write to a pipe is a system
// call that wakes the reader, and nobody's call should wait for it.

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

const standardOutput = createLineWriter((text) => void process.stdout.write(text));
let isFlushedAtExit = false;

/** Writes a line of the log to standard output, before the process exits at the latest. */
export function logToStandardOutput(line: string): void {
  if (!isFlushedAtExit) {
    isFlushedAtExit = true;
    // Standard output is synchronous on a pipe and in a file.
    process.once('exit', standardOutput.flush);
  }
  standardOutput.add(line);
}
