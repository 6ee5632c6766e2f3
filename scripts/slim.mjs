/**
 * What the SDKs bring along and a deployment on Azure Functions has no use for. Every new instance loads the package before its
 * first answer, so these are left out of it. A module is known by the end of its path; what takes its place exports the same names.
 */

/** Whoever calls one of these after all is told by name. */
const leftOut = {
  // Managed identities of Azure Kubernetes Service.
  workloadIdentityCredential: ['WorkloadIdentityCredential'],
  // Table Storage answers JSON to those who ask for JSON. What else comes is an error with a status, as unreadable JSON is.
  '@azure/core-xml': ['parseXML', 'stringifyXML'],
  // Whatever is sent goes through a client of our own (`src/transport`).
  nodeHttpClient: ['createNodeHttpClient'],
  // Our identities are managed ones.
  tablesNamedCredentialPolicy: ['tablesNamedKeyCredentialPolicy'],
  tablesSASTokenPolicy: ['tablesSASTokenPolicy'],
  // Keys are deleted and recovered by others, and no key is used here that has left its vault.
  'lro/delete/poller': ['DeleteKeyPoller'],
  'lro/recover/poller': ['RecoverDeletedKeyPoller'],
  aesCryptographyProvider: ['AesCryptographyProvider'],
  rsaCryptographyProvider: ['RsaCryptographyProvider'],
};

/** Made by the client of a table, of which only the pipeline is used (`src/storage/table-client.ts`). */
const neverAsked = { 'operations/index': ['TableImpl', 'ServiceImpl'] };

/** Policies of what is never sent: no form, nothing in parts, and none of the operations that the client of a table has. */
const passing = ['formDataPolicy', 'multipartPolicy', 'serializationPolicy'];

const passingOn = (name) => `
  ${name}Name: '${name}',
  ${name}: () => ({ name: '${name}', sendRequest: (request, next) => next(request) }),
`;

/** For who uses the SDKs' clients as they are: what these are made of. */
export const clientsOfSdks = [
  'nodeHttpClient',
  'operations/index',
  'aesCryptographyProvider',
  'rsaCryptographyProvider',
  ...passing,
];

/** Managed identities of other places: asked whether they are there, these say no. */
const elsewhere = ['ServiceFabric', 'MachineLearning', 'CloudShell', 'AzureArc', 'Imds'];

/** Storage, vault and managed identity are reached directly, or through the network of the deployment: never through a proxy. */
const proxyPolicy = `
  globalNoProxyList: [],
  loadNoProxy: () => [],
  getDefaultProxySettings: () => undefined,
  ${passingOn('proxyPolicy')}
`;

/** True of them, though only msal-common says so in its package.json: importing them does nothing. What signs with secrets goes so. */
const withoutSideEffects = /^(?:@azure\/msal-node|jsonwebtoken)$/;

const absent = (name, key) => `${key}: function () { throw new Error('${key} of ${name} is not in this package'); }`;

const each = (table, write) =>
  Object.entries(table).map(([name, keys]) => [name, keys.map((key) => write(name, key)).join(', ')]);

const substitutes = new Map([
  ...each(leftOut, absent),
  ...each(neverAsked, (_, key) => `${key}: class {}`),
  ...passing.map((name) => [name, passingOn(name)]),
  ...elsewhere.map((name) => [name, `${name}: { tryCreate: () => null, getEnvironmentVariables: () => [undefined] }`]),
  ['proxyPolicy', proxyPolicy],
]);

/** Names of everything that is not in the package as it is. */
export const substituted = [...substitutes.keys()];

const substitute = 'substitute';

/** The esbuild plugin; what is `kept` stays as it is. */
export const slim = ({ kept = [] } = {}) => ({
  name: 'slim',
  setup: (build) => {
    const names = new RegExp(`^(?:|.*/)(${substituted.filter((name) => !kept.includes(name)).join('|')})(?:\\.m?js)?$`);
    build.onResolve({ filter: names }, ({ path }) => ({
      path: names.exec(path)[1],
      namespace: substitute,
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: substitute }, ({ path }) => ({
      contents: `module.exports = { ${substitutes.get(path)} };`,
    }));
    build.onResolve({ filter: withoutSideEffects }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === 'resolved') return undefined;
      return { ...(await build.resolve(path, { resolveDir, kind, pluginData: 'resolved' })), sideEffects: false };
    });
  },
});
