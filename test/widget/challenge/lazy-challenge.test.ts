// What is loaded when. Mutations that turn it red: a static import of challenge.js in lazy-challenge.ts; `kind !== 'none'` dropped.

import { expect } from '@open-wc/testing';
import { loadChallenge, prepareChallenge } from '../../../src/widget/challenge/lazy-challenge.js';

const isLoaded = (): boolean =>
  performance.getEntriesByType('resource').some(({ name }) => name.includes('pbkdf2-search'));

describe('the solver', () => {
  it('is loaded when the visitor starts typing, and only where there is a challenge', async () => {
    expect(isLoaded()).to.equal(false);
    await prepareChallenge('none');
    expect(isLoaded()).to.equal(false);
    await prepareChallenge('altcha');
    expect(isLoaded()).to.equal(true);
    expect(await loadChallenge()).to.have.property('solveChallenge');
  });
});
