// Preloaded into the proxy of a soak: SIGUSR2 collects all garbage and writes what is left, which is what the proxy keeps, to SOAK_MEMORY_FILE.

import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  collect();
  writeFileSync(process.env.SOAK_MEMORY_FILE ?? '', JSON.stringify(process.memoryUsage()));
});
