// The oldest syntax each half may ship.

/** What every browser of the last three years runs; lit 3 asks for no less. */
export const widgetTarget = 'es2022';

/** The oldest Node of package.json's `engines`. */
export const proxyTarget = 'node20';
