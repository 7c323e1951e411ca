// What every view of the page is rendered from.

import type { OwnerCall, OwnerSummary } from '../../../owner-contract.js';
import type { Failure, Fetched } from './data-source.js';
import type { PageView } from './page-url.js';

/** What the page is rendered from. */
export interface PageModel {
  readonly view: PageView;
  readonly zone: string;
  readonly summary: OwnerSummary | undefined;
  readonly failure: Failure | undefined;
  readonly call: Fetched<OwnerCall> | undefined;
  readonly exportQuery: string;
  show(view: PageView): void;
  hrefOf(view: PageView): string;
}
