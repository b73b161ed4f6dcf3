/**
 * `npm run audit`: are there advisories for the installed packages? Asks `npm audit`. Some registries do not answer that;
 * then it asks OSV.dev for every package of the lock file. Exit status: 0 without a high or critical weakness, 1 with one,
 * 2 if no source answered.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { audit, verdict } from './advisories.ts';
import { lockedPackages } from './locked-packages.ts';
import { npmAudit } from './npm-audit.ts';
import { osv } from './osv.ts';

const lockfile = new URL('../../package-lock.json', import.meta.url);

/** `npm audit` has exit status 1 for a weakness and for a failed request alike: its output tells the two apart. */
const runNpmAudit = (): Promise<string> =>
  new Promise((done) => {
    const options = { maxBuffer: 64 * 1024 * 1024, timeout: 120_000 };
    execFile('npm', ['audit', '--json'], options, (_error, printed) => done(printed));
  });

const packages = lockedPackages(readFileSync(lockfile, 'utf8'));
const { text, status } = verdict(await audit([npmAudit(runNpmAudit), osv(packages, fetch)]));
console.log(text);
process.exitCode = status;
