// What an engine's driver cannot do, so that a test says why it is left out there.

/** True where WebDriver drives WebKitGTK: it can press and type, but hold no key down. */
export const holdsNoKeys: boolean = !/Chrome|Firefox/.test(navigator.userAgent);

/** True there too: the size of its window cannot be set; as it is, it is wide enough for all but the narrow screen. */
export const cannotResize: boolean = holdsNoKeys;
