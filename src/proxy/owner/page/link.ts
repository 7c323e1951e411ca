// A link to another view: a real URL, so that it can be opened in a new tab, handled without loading the page again.

import { html, nothing, type TemplateResult } from 'lit';
import type { PageModel } from './page-model.js';
import type { PageView } from './page-url.js';

/** A link. `label`: its name for screen readers, if its text is not enough. */
export function link(
  { show, hrefOf }: Pick<PageModel, 'show' | 'hrefOf'>,
  to: PageView,
  text: string | TemplateResult,
  { isCurrent = false, label }: { readonly isCurrent?: boolean; readonly label?: string } = {},
): TemplateResult {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(to);
  };
  return html`<a
    href=${hrefOf(to)}
    aria-current=${isCurrent ? 'page' : nothing}
    aria-label=${label ?? nothing}
    @click=${follow}
    >${text}</a
  >`;
}
