/** What the front door tells whoever writes a service, or puts an API behind this server: in English, as their standards are. */
import { type Html, html } from './html.ts';

/** `path` begins with a slash. */
export type Address = { readonly path: string; readonly about: string };

/** The part for developers. `issuer` is an origin. */
export const developerPart = (
  issuer: string,
  addresses: readonly Address[],
): Html => html`<section class="card small" lang="en" dir="ltr" aria-labelledby="developers">
<h2 id="developers">For developers</h2>
<p class="quiet">This is an OAuth 2.1 authorization server. A client library needs only the issuer, <code>${issuer}</code>, and finds the rest itself.</p>
<ul class="addresses">${addresses.map(({ path, about }) => html`<li><a href="${path}">${issuer}${path}</a> <span class="quiet">${about}</span></li>`)}</ul>
</section>
<section class="card small" lang="en" dir="ltr" aria-labelledby="behind">
<h2 id="behind">To put an MCP server or another API behind this</h2>
<ol class="steps quiet">
<li><b>One entry</b> in the setting <code>RESOURCES</code>: the address of the server, its name, and its permissions. <code id="entry">{"identifier": "https://mcp.example.com/mcp", "name": "Work items", "permissions": [{"id": "workitems.read", "name": "see your work items", "description": "Your work items and their titles."}]}</code></li>
<li><b>One document</b> at the server, <code>/.well-known/oauth-protected-resource/mcp</code>, by which clients find their way here (RFC 9728). <code>{"resource": "https://mcp.example.com/mcp", "authorization_servers": ["${issuer}"]}</code></li>
<li><b>Ten lines</b> that verify tokens, here in Node with <code>jose</code>; answer with the status, and with the challenge in <code>WWW-Authenticate</code>. What people revoke is refused within seconds by whoever also reads <code>/revocations</code>.<pre tabindex="0" role="group" aria-label="Ten lines that verify tokens"><code>${tenLines(issuer)}</code></pre></li>
</ol>
</section>`;

/** A whole program: what an API may not leave out, and nothing else. */
const tenLines = (issuer: string): string => `import { createRemoteJWKSet, jwtVerify } from 'jose';
const [issuer, audience] = ['${issuer}', 'https://mcp.example.com/mcp'];
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer));
const checks = { issuer, audience, typ: 'at+jwt', requiredClaims: ['exp', 'sub', 'client_id'] };
const rest = 'scope="workitems.read", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';
const refused = (status, error) => ({ status, challenge: \`Bearer \${error}\${rest}\` });
export const authorize = async (token) => {
  const { payload } = await jwtVerify(token ?? '', keys, checks).catch(() => ({}));
  if (!payload || payload.cnf) return refused(401, token ? 'error="invalid_token", ' : '');
  return payload.scope?.split(' ').includes('workitems.read') ? payload : refused(403, 'error="insufficient_scope", ');
};`;
