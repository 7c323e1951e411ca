// `npm run docs`, third part: docs/openapi.json, the API description that the proxy serves. `--check` writes nothing and fails when it is
// out of date. The formatter may lay it out differently.

import { readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from '../../src/proxy/openapi/document.js';
import { root } from '../paths.js';

const file = `${root}docs/openapi.json`;
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };
const document = openApiDocument() as { readonly info: object };
const text = `${JSON.stringify({ ...document, info: { ...document.info, version } }, null, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) !== JSON.stringify(JSON.parse(text)))
  throw new Error('docs/openapi.json is out of date; run `npm run docs`');
