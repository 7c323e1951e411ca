// Before `npm start`, `npm test` and `npm run dev`: with a Node version that is too old, they end with a message instead of a stack trace. Uses
// only syntax that old engines parse.
(function (version, floor) {
  if (version[0] > floor[0] || (version[0] === floor[0] && version[1] >= floor[1])) return;
  process.stderr.write(
    'polyai-callback needs Node ' +
      floor.join('.') +
      ' or newer; this is Node ' +
      process.versions.node +
      '. Install a newer Node from https://nodejs.org\n',
  );
  process.exitCode = 1;
})(
  process.versions.node.split('.').map(Number),
  require('../package.json').engines.node.replace('>=', '').split('.').map(Number),
);
