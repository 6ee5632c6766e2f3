/** What the checks look at: each fact is asked for once, when the first check needs it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { openApi } from '../lib/api.mjs';
import { az } from '../lib/azure.mjs';
import { Failure } from '../lib/failure.mjs';
import { jsonIn, send } from '../lib/http.mjs';
import { template } from './template.mjs';

const checkout = new URL('../../', import.meta.url);

/** Calls each function at most once. */
const once = (functions) =>
  Object.fromEntries(
    Object.entries(functions).map(([name, ask]) => {
      let answer;
      return [
        name,
        () => {
          answer ??= ask();
          return answer;
        },
      ];
    }),
  );

/** An answer, with our clock before and after it. */
const timed = async (url, { timeoutMilliseconds }) => {
  const before = Date.now();
  const { status, headers, text } = await send(url, { timeoutMilliseconds });
  return { status, headers, text, body: jsonIn(text), middle: (before + Date.now()) / 2 };
};

/** Every fact rejects with `Failure` where it cannot be had. */
export const factsOf = (connection) => {
  const { issuer, environment } = connection;
  const at = (path) => timed(`${issuer}${path}`, connection);
  const azure = (...words) => az(words, environment);
  const facts = once({
    metadata: () => at('/.well-known/oauth-authorization-server'),
    openid: () => at('/.well-known/openid-configuration'),
    openapi: () => at('/api/openapi.json'),
    jwks: () => at('/.well-known/jwks.json'),
    alive: () => at('/healthz'),
    ready: () => at('/readyz'),
    home: () => at('/'),
    plain: () => plainAnswer(issuer, connection),
    certificate: () => certificateOf(issuer, connection),
    deployment: async () => (await openApi(connection).call('GET', 'deployment')).body,
    clients: () => clientsOf(connection),
    provider: async () => {
      const { SIGN_IN_ISSUER: provider } = (await facts.deployment()).settings;
      return timed(`${provider.replace(/\/$/, '')}/.well-known/openid-configuration`, connection);
    },
    application: async () => azure('ad', 'app', 'show', '--id', (await facts.deployment()).settings.SIGN_IN_CLIENT_ID),
    credentials: async () => {
      const id = (await facts.deployment()).settings.SIGN_IN_CLIENT_ID;
      return (await azure('ad', 'app', 'federated-credential', 'list', '--id', id)) ?? [];
    },
    identity: async () =>
      azure('ad', 'sp', 'show', '--id', (await facts.deployment()).settings.SIGN_IN_IDENTITY_CLIENT_ID),
    appSettings: () => appSettingsOf(issuer, azure),
    throttled: async () => throttledOf((await facts.deployment()).settings.SIGNING_KEYS, azure),
    template: async () => template(),
    checkout: () => checkoutFacts(),
  });
  return { issuer, ...facts };
};

/** The answer to plain http, or none. */
const plainAnswer = async (issuer, connection) => {
  try {
    return await timed(`${issuer.replace('https:', 'http:')}/healthz`, connection);
  } catch {
    return undefined;
  }
};

/** Until when the certificate is good, in milliseconds; undefined where there is none. */
const certificateOf = (issuer, { timeoutMilliseconds }) => {
  const { protocol, hostname: host, port } = new URL(issuer);
  if (protocol !== 'https:') return undefined;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port || 443), servername: host, timeout: timeoutMilliseconds });
    const fail = (error) => {
      socket.destroy();
      reject(new Failure('unreachable', `No connection by TLS: ${error?.code ?? 'it took too long'}.`));
    };
    socket.once('error', fail).once('timeout', fail);
    socket.once('secureConnect', () => {
      resolve(Date.parse(socket.getPeerCertificate().valid_to));
      socket.destroy();
    });
  });
};

const mostClients = 1_000;

const clientsOf = async (connection) => {
  const clients = [];
  for await (const one of openApi(connection).pages('apps', 'apps', mostClients)) clients.push(one);
  return clients;
};

/** Name -> value, as they are in Azure; undefined where this account sees no app at that address. */
const appSettingsOf = async (issuer, azure) => {
  const { host } = new URL(issuer);
  const apps = (await azure('functionapp', 'list', '--query', `[?contains(hostNames, '${host}')]`)) ?? [];
  const [app] = apps;
  if (app === undefined) return undefined;
  const words = ['--name', app.name, '--resource-group', app.resourceGroup];
  const listed = (await azure('functionapp', 'config', 'appsettings', 'list', ...words)) ?? [];
  return Object.fromEntries(listed.map(({ name, value }) => [name, value ?? '']));
};

/** Signatures that the vaults refused in the last day because there were too many, by vault. */
const throttledOf = async (keys, azure) => {
  const vaults = [...new Set(keys.split(',').map((one) => new URL(one.trim()).hostname.split('.')[0]))];
  const counts = vaults.map(async (name) => {
    const { id } = await azure('keyvault', 'show', '--name', name);
    const words = ['--resource', id, '--metric', 'ServiceApiResult', '--filter', "StatusCode eq '429'"];
    const answer = await azure('monitor', 'metrics', 'list', ...words, '--aggregation', 'Count', '--offset', '1d');
    return { name, count: sumOf(answer) };
  });
  return Promise.all(counts);
};

const sumOf = ({ value = [] }) =>
  value
    .flatMap(({ timeseries = [] }) => timeseries)
    .flatMap(({ data = [] }) => data)
    .reduce((sum, { count = 0 }) => sum + (count ?? 0), 0);

/** Version and commit of what this command belongs to; no commit outside a repository. */
const checkoutFacts = async () => {
  const { version } = JSON.parse(readFileSync(new URL('package.json', checkout), 'utf8'));
  return {
    version,
    commit: await git('rev-parse', 'HEAD'),
    commitsSince: (commit) => git('rev-list', '--count', `${commit}..HEAD`),
  };
};

/** What git prints; undefined where it has no answer. */
const git = (...words) =>
  new Promise((resolve) => {
    const options = { cwd: fileURLToPath(checkout), timeout: 10_000, encoding: 'utf8' };
    execFile('git', words, options, (error, stdout) => resolve(error === null ? stdout.trim() : undefined));
  });
