/**
 * Stops with a clear message on a Node too old to run the project. On Linux the repository brings the
 * Lambda runtime's Node 24 as an npm package and npm scripts run on it, so this only speaks elsewhere,
 * or where `npm ci` was run with `--omit=optional`.
 */
const wanted = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < wanted) {
  console.error(
    `Hawiya needs Node ${wanted} or newer, and this is Node ${process.versions.node}.\n` +
      (process.platform === 'linux'
        ? 'Run `npm ci` again without --omit=optional: it brings Node 24 with it.'
        : 'Install Node 24 from https://nodejs.org and run the command again.'),
  );
  process.exit(1);
}
