/**
 * What the deployed bundle weighs: its size, and the CPU that loading it takes, which is what every cold start pays. Prints one
 * line: `node scripts/weight.mjs <main.cjs>`. Nothing is called: the settings name nobody.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';

const bundle = resolve(process.argv[2] ?? 'dist/package/main.cjs');

const settings = {
  ISSUER: 'https://weight.invalid',
  TABLES_URL: 'https://tables.invalid',
  SIGNING_KEYS: 'https://vault.invalid/keys/signing',
  DATA_IDENTITY_CLIENT_ID: 'weight',
  SIGN_IN_ISSUER: 'https://provider.invalid',
  SIGN_IN_CLIENT_ID: 'weight',
  SIGN_IN_IDENTITY_CLIENT_ID: 'weight',
};

/** Loads it as the worker does, with the module that the worker injects left empty. */
const load = `
const Module = require('node:module');
const resolve = Module._load;
const core = new Proxy({}, { get: () => () => undefined });
Module._load = (name, ...rest) => (name === '@azure/functions-core' ? core : resolve(name, ...rest));
const before = process.cpuUsage();
require(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String((user + system) / 1000));
process.exit(0);
`;

const once = () =>
  Number(
    execFileSync(process.execPath, ['-e', load, bundle], { env: { ...process.env, ...settings }, encoding: 'utf8' }),
  );

const runs = Array.from({ length: 5 }, once).toSorted((a, b) => a - b);
const kilobytes = Math.round(statSync(bundle).size / 1024);
console.log(`main.cjs: ${kilobytes} KiB, ${Math.round(runs[2])} ms of CPU to load (median of ${runs.length})`);
