// The widget's version. The build puts in what package.json has; the sources by themselves have none.

declare const __POLYAI_CALLBACK_VERSION__: string | undefined;

/** Sent with each request, so that a record says which widget showed the consent. */
export const widgetVersion: string =
  typeof __POLYAI_CALLBACK_VERSION__ === 'undefined' ? '0.0.0-dev' : __POLYAI_CALLBACK_VERSION__;
