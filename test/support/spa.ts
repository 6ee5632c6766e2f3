/** A single-page app with oidc-client-ts, on a site of its own: a static page, a library and nothing behind them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Listening, listen } from '../../local/listen.ts';

const packageFolder = dirname(createRequire(import.meta.url).resolve('oidc-client-ts/package.json'));

export type Spa = {
  readonly origin: string;
  /** What the page hands to `UserManager`, on top of what it says of itself. */
  settings: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
};

/** The page keeps its manager in `manager`; `settings.dpop` asks for proofs with a key of the browser's. */
const pageOf = (settings: Spa['settings']): string => `<!doctype html><title>Single page</title><p id="state">Ready
<script src="/library.js"></script>
<script>
const settings = ${JSON.stringify(settings).replaceAll('<', '\\u003c')};
const here = location.origin + '/app';
if (settings.dpop) settings.dpop = { bind_authorization_code: true, store: new oidc.IndexedDbDPoPStore() };
window.manager = new oidc.UserManager({
  redirect_uri: here, silent_redirect_uri: location.origin + '/silent', post_logout_redirect_uri: here,
  automaticSilentRenew: false, monitorSession: false, ...settings,
});
if (location.pathname === '/silent') manager.signinSilentCallback();
</script>`;

export const startSpa = async (): Promise<Spa> => {
  const library = await readFile(join(packageFolder, 'dist/browser/oidc-client-ts.min.js'), 'utf8');
  const site: Listening = await listen(0, (request, response) => {
    const isLibrary = request.url === '/library.js';
    response.writeHead(200, { 'content-type': isLibrary ? 'text/javascript' : 'text/html; charset=utf-8' });
    response.end(isLibrary ? library : pageOf(spa.settings));
  });
  const spa: Spa = { origin: site.url, settings: {}, stop: site.stop };
  return spa;
};
