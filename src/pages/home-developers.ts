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
<li><b>One entry</b> in the setting <code>RESOURCES</code>: the address of the server, its name, and its permissions. <code>{"identifier": "https://mcp.example.com/mcp", "name": "Work items", "permissions": [{"id": "workitems.read"}]}</code></li>
<li><b>One document</b> at the server, <code>/.well-known/oauth-protected-resource/mcp</code>, by which clients find their way here (RFC 9728). <code>{"resource": "https://mcp.example.com/mcp", "authorization_servers": ["${issuer}"]}</code></li>
<li><b>Ten lines</b>: without a good token, answer 401 with <code>WWW-Authenticate: Bearer resource_metadata="…"</code> and the address of that document. A good token is signed by a key of <code>/.well-known/jwks.json</code> here, has <code>typ</code> <code>at+jwt</code>, <code>iss</code> <code>${issuer}</code> and the server as <code>aud</code>, is not over, and has the permission in <code>scope</code>.</li>
</ol>
</section>`;
