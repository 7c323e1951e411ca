// Writes the generated tables of src/proxy/hours/tables/: `npm run generate:zones`.
import { writeFileSync } from 'node:fs';
import { areaCodesTable, countryZonesTable, prefixZonesTable } from './tables.js';

const folder = new URL('../../src/proxy/hours/tables/', import.meta.url);
for (const { file, text } of [prefixZonesTable(), areaCodesTable(), countryZonesTable()]) {
  writeFileSync(new URL(file, folder), text);
  console.log(`${file}: ${text.length} bytes`);
}
