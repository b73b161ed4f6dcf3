/**
 * Stops npm scripts on a Node version that is too old, with a message that says what to do. On
 * Linux the project installs Node 24, Lambda's runtime, as an npm package, and npm scripts run on
 * it. The message appears on other systems, or after `npm ci --omit=optional`.
 */
const wanted = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < wanted) {
  console.error(
    `Hawiya needs Node ${wanted} or newer. This is Node ${process.versions.node}.\n` +
      (process.platform === 'linux'
        ? 'Run `npm ci` again without --omit=optional: it installs Node 24.'
        : 'Install Node 24 from https://nodejs.org and run the command again.'),
  );
  process.exit(1);
}
