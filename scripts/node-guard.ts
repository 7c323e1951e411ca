// The first lines of the built proxy: with a Node version that is too old, they print a message. Node 10 can parse them, as a
// script and as a module; they load the proxy itself only after that.

/** The code of dist/proxy/main.js. `floor`: `engines.node` of package.json, such as ">=20.19". */
export function nodeGuard(floor: string, server: string): string {
  const [, major, minor] = /^>=(\d+)\.(\d+)/.exec(floor) ?? [];
  if (major === undefined || minor === undefined)
    throw new Error(`engines.node is "${floor}", not a floor such as >=20.19`);
  return `#!/usr/bin/env node
(function (version) {
  if (version[0] > ${major} || (version[0] === ${major} && version[1] >= ${minor}))
    return import('${server}').then(function (proxy) { return proxy.main(); });
  process.stderr.write('polyai-callback needs Node ${major}.${minor} or newer; this is Node ' + process.versions.node + '. Install a newer Node from https://nodejs.org\\n');
  process.exitCode = 1;
})(process.versions.node.split('.').map(Number));
`;
}
