// The proxy's version. The build inserts package.json's; the unbuilt sources have none.

declare const __POLYAI_CALLBACK_VERSION__: string | undefined;

/** Such as `1.2.3`. */
export const proxyVersion: string =
  typeof __POLYAI_CALLBACK_VERSION__ === 'undefined' ? '0.0.0-dev' : __POLYAI_CALLBACK_VERSION__;
