// GET /openapi.json: the description of the API. Created once, on the first request.

import type { Handler } from '../http/context.js';

/** URL path of the document. Not in the contract: the element does not use it. */
export const openApiPath = '/openapi.json';

/** Creates the handler. */
export function createOpenApi(): Handler {
  let text: Promise<string> | undefined;
  return async () => {
    text ??= import('./document.js').then(({ openApiDocument }) => JSON.stringify(openApiDocument()));
    return new Response(await text, {
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'public, max-age=3600',
        // Public and without credentials: tools in a browser may read it from anywhere.
        'Access-Control-Allow-Origin': '*',
      },
    });
  };
}
