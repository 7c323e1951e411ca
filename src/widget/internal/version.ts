// The widget's version. The build inserts package.json's; the unbuilt sources have none.

declare const __POLYAI_CALLBACK_VERSION__: string | undefined;

/** Sent with each request, so that a record says which widget showed the consent. */
export const widgetVersion: string =
  typeof __POLYAI_CALLBACK_VERSION__ === 'undefined' ? '0.0.0-dev' : __POLYAI_CALLBACK_VERSION__;
