// The script tag's entry: registers the element, and says where the proxy is that served it.

import { define, PolyaiCallback } from './define.js';

// Only there while the script first runs.
const source = (document.currentScript as HTMLScriptElement | null)?.src;
if (source) PolyaiCallback.defaultEndpoint ??= new URL('.', source).href.replace(/\/$/, '');
define();
