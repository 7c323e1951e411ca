// The widget's version, as package.json has it.

/** Sent with each request, so that a record says which widget showed the consent. */
export const widgetVersion = '0.1.0';
