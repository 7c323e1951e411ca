// GET /openapi.json: the description of the API. Created once, on the first request.

import type { Handler } from '../http/context.js';
import { etagOf, fileResponse, type StaticFile } from '../static/static-file.js';

/** URL path of the document. Not in the contract: the element does not use it. */
export const openApiPath = '/openapi.json';

/** Creates the handler. */
export function createOpenApi(): Handler {
  let file: Promise<StaticFile> | undefined;
  return async (c) => {
    file ??= readDocument();
    return fileResponse(await file, c.req.raw.headers);
  };
}

async function readDocument(): Promise<StaticFile> {
  const { openApiDocument } = await import('./document.js');
  const body = Uint8Array.from(new TextEncoder().encode(JSON.stringify(openApiDocument())));
  return {
    body,
    type: 'application/json',
    cacheControl: 'public, max-age=3600',
    etag: etagOf(body),
    // Public and without credentials: tools in a browser may read it from anywhere.
    headers: { 'Access-Control-Allow-Origin': '*' },
  };
}
