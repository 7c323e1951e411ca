// What an engine's driver cannot do, so that a test says why it is left out there.

/** True where WebDriver drives WebKitGTK: it can press and type, but hold no key down. */
export const holdsNoKeys: boolean = !/Chrome|Firefox/.test(navigator.userAgent);
