/** The provider's sign-in page: a plain form with the fields `login` and `password`. Any password will do. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InteractionDetails, Provider } from 'oidc-provider';
import { readText } from '../listen.ts';
import { escapeHtml, renderPage } from '../page.ts';
import { levelFor } from './levels.ts';
import { findUser, type User, users } from './users.ts';

export const interactionPath = /^\/interaction\/[\w-]+$/;

/** Shows the form, or takes what was typed and sends the browser on. */
export const answerInteraction = async (
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const details = await currentInteraction(provider, request, response);
  if (details === undefined) return showPage(response, 400, expiredPage);
  if (request.method !== 'POST') return showPage(response, 200, loginPage(details));
  const form = new URLSearchParams(await readText(request));
  if (form.has('cancel')) {
    const refusal = { error: 'access_denied', error_description: 'the user cancelled the sign-in' };
    return goOn(response, await provider.interactionResult(request, response, refusal));
  }
  const typed = form.get('login') ?? '';
  const user = findUser(typed);
  if (user === undefined || (form.get('password') ?? '') === '')
    return showPage(response, 401, loginPage(details, { typed, refused: user === undefined ? 'name' : 'password' }));
  const result = { login: { accountId: user.subject, ...levelFor(details.params.acr_values) }, select_account: {} };
  const returnTo = await provider.interactionResult(request, response, result);
  await forgetOtherAccount(provider, details, user);
  goOn(response, returnTo);
};

const goOn = (response: ServerResponse, location: string): void => {
  response.writeHead(303, { location }).end();
};

const currentInteraction = async (
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<InteractionDetails | undefined> => {
  try {
    return await provider.interactionDetails(request, response);
  } catch {
    return undefined;
  }
};

/** Without this, oidc-provider asks for a sign-out, on a page that needs scripts, before another user may sign in. */
const forgetOtherAccount = async (provider: Provider, details: InteractionDetails, user: User): Promise<void> => {
  if (details.session?.accountId === undefined || details.session.accountId === user.subject) return;
  const session = await provider.Session.findByUid(details.session.uid);
  if (session === undefined) return;
  session.accountId = undefined;
  session.loginTs = undefined;
  session.authorizations = undefined;
  await session.save(session.exp - Math.floor(Date.now() / 1000));
};

type Refusal = { readonly typed: string; readonly refused: 'name' | 'password' };

const reasons = {
  name: `Nobody here has that name. Sign in as ${users.map(({ login }) => login).join(', ')}.`,
  password: 'Type a password. Any will do.',
} as const;

const loginPage = ({ params }: InteractionDetails, refusal?: Refusal): string => {
  const hint = typeof params.login_hint === 'string' ? params.login_hint : '';
  return renderPage({
    owner: 'Contoso sign-in (local)',
    title: 'Sign in',
    body: `
${refusal === undefined ? '' : `<p role="alert">${escapeHtml(reasons[refusal.refused])}</p>`}
<form method="post">
<label for="login">Name</label>
<input id="login" name="login" autocomplete="username" required autofocus value="${escapeHtml(refusal?.typed ?? hint)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
<button class="quiet" type="submit" name="cancel" value="yes" formnovalidate>Cancel</button>
</form>
<p class="soft">Demo people: ${users.map(({ login }) => `<b>${login}</b>`).join(', ')}. Any password will do.</p>`,
  });
};

const expiredPage = renderPage({
  owner: 'Contoso sign-in (local)',
  title: 'This sign-in has expired',
  body: '<p>Go back to the service that you came from and start again.</p>',
});

/** What this is, for whoever opens its address. */
export const showHome = (response: ServerResponse): void =>
  showPage(
    response,
    200,
    renderPage({
      owner: 'Contoso sign-in (local)',
      title: 'The sign-in of this local world',
      body: `<p>It stands for Microsoft Entra ID: Assent sends people here to sign in, and they come back. There is nothing to do here by yourself.</p>
<p>Demo people: ${users.map(({ login, name }) => `<b>${escapeHtml(login)}</b> (${escapeHtml(name)})`).join(', ')}. Any password will do.</p>
<p>What services see of it is in its <a href="/.well-known/openid-configuration">metadata</a>.</p>`,
    }),
  );

const showPage = (response: ServerResponse, status: number, page: string): void => {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(page);
};
