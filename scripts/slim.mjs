/**
 * What the SDKs bring along and a deployment on Azure Functions has no use for. Every new instance loads the package before its
 * first answer, so these are left out of it, or evaluated at their first use.
 */

/** Module -> what is imported from it. Whoever calls that after all is told by name. */
const leftOut = {
  // Managed identities of Azure Kubernetes Service.
  workloadIdentityCredential: ['WorkloadIdentityCredential'],
  // For client assertions signed with a certificate; managed identities have none.
  jsonwebtoken: ['sign', 'decode', 'verify'],
  // Table Storage answers JSON to those who ask for JSON. What else comes is an error with a status, as unreadable JSON is.
  '@azure/core-xml': ['parseXML', 'stringifyXML'],
};

/** Module -> what is imported from it: only where the environment names a proxy. */
const lazily = {
  'http-proxy-agent': ['HttpProxyAgent'],
  'https-proxy-agent': ['HttpsProxyAgent'],
};

/** Says of itself what `sideEffects: false` says in the package.json of its sibling msal-common: importing it does nothing else. */
const withoutSideEffects = /^@azure\/msal-node$/;

const absent = (name, key) => `${key}: function () { throw new Error('${key} of ${name} is not in this package'); }`;

const lazy = (name, key) => `get ${key}() { return require('${name}').${key}; }`;

const substitutes = new Map([
  ...Object.entries(leftOut).map(([name, keys]) => [name, keys.map((key) => absent(name, key))]),
  ...Object.entries(lazily).map(([name, keys]) => [name, keys.map((key) => lazy(name, key))]),
]);

/** Names of everything that is not in the package as it is. */
export const substituted = [...substitutes.keys()];

const substitute = 'substitute';

/** The esbuild plugin. */
export const slim = {
  name: 'slim',
  setup: (build) => {
    const names = new RegExp(`^(?:|.*/)(${substituted.join('|')})(?:\\.js)?$`);
    build.onResolve({ filter: names }, ({ path, namespace, resolveDir }) =>
      namespace === substitute
        ? undefined
        : { path: names.exec(path)[1], namespace: substitute, pluginData: { resolveDir } },
    );
    build.onLoad({ filter: /.*/, namespace: substitute }, ({ path, pluginData }) => ({
      contents: `module.exports = { ${substitutes.get(path).join(', ')} };`,
      resolveDir: pluginData.resolveDir,
    }));
    build.onResolve({ filter: withoutSideEffects }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === 'resolved') return undefined;
      return { ...(await build.resolve(path, { resolveDir, kind, pluginData: 'resolved' })), sideEffects: false };
    });
  },
};
