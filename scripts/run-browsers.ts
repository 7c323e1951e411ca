// `npm run test:browsers`: runs the widget tests in every installed engine; first prints which ones are installed and which are not.
// Engines named on the command line must be installed: `npm run test:browsers -- firefox webkit`.

import { pathToFileURL } from 'node:url';
import { type Engine, engines, missingFor } from './browser/engines.js';

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(engines as readonly string[]).includes(name));
if (unknown.length > 0) throw new Error(`no engine "${unknown.join(', ')}"; there are ${engines.join(', ')}`);

const chosen: Engine[] = [];
for (const engine of engines) {
  if (named.length > 0 && !named.includes(engine)) continue;
  const missing = missingFor(engine);
  if (missing === null) chosen.push(engine);
  else if (named.length > 0) throw new Error(`${engine} needs ${missing}`);
  else console.log(`${engine}: left out, ${missing} is not installed`);
}
console.log(`engines: ${chosen.join(', ')}`);

process.env['TEST_BROWSERS'] = chosen.join(',');
process.argv.length = 2;
await import(pathToFileURL('node_modules/@web/test-runner/dist/bin.js').href);
