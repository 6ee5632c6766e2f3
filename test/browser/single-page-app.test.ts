/** A single-page app in Chromium, with the library that most of them use: another origin, no server, no secret. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { type Spa, startSpa } from '../support/spa.ts';
import { approve, signInAs } from './steps.ts';
import { useWorld } from './world.ts';

/** What the app knows of who signed in, as its library keeps it. */
type User = {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly token_type: string;
  readonly profile: Readonly<Record<string, unknown>>;
};

describe.skipIf(!hasChromium())('A single-page app (oidc-client-ts)', () => {
  const world = useWorld();
  let spa: Spa;

  beforeAll(async () => {
    spa = await startSpa();
  });
  afterAll(() => spa?.stop());
  beforeEach(async () => {
    await world.registerAs({
      token_endpoint_auth_method: 'none',
      redirect_uris: [`${spa.origin}/app`, `${spa.origin}/silent`],
      post_logout_redirect_uris: [`${spa.origin}/app`],
    });
    const { clientId } = world.service.registration;
    spa.settings = { authority: world.stack.issuer, client_id: clientId, scope: 'openid profile vso.work' };
  });

  const inApp = <T>(script: string, page: Page = world.page): Promise<T> => page.evaluate(script) as Promise<T>;

  /** From the app's page through sign-in and approval, back to it, and what its library makes of that. */
  const signIn = async (): Promise<User> => {
    const { page } = world;
    await page.goto(`${spa.origin}/app`);
    await inApp('void manager.signinRedirect()');
    await signInAs(page, 'alice');
    await approve(page);
    await page.waitForURL(`${spa.origin}/app?**`);
    return inApp<User>('manager.signinRedirectCallback().then((user) => JSON.parse(JSON.stringify(user)))');
  };

  const renew = () => inApp<User>('manager.signinSilent().then((user) => JSON.parse(JSON.stringify(user)))');

  it('[CS06] signs in, reads who came, and renews its tokens in silence', async () => {
    spa.settings = { ...spa.settings, loadUserInfo: true };
    const user = await signIn();
    expect(user.token_type).toBe('Bearer');
    expect(user.profile).toMatchObject({ iss: world.stack.issuer, name: expect.any(String), sub: expect.any(String) });
    const renewed = await renew();
    expect(renewed.refresh_token).not.toBe(user.refresh_token);
    expect(renewed.access_token).not.toBe(user.access_token);
    expect(renewed.profile).toMatchObject({ sub: user.profile.sub, sid: user.profile.sid });
    const again = await renew();
    expect(again.refresh_token).not.toBe(renewed.refresh_token);
  });

  it('[CS06] without a refresh token is told in its hidden frame that nobody is signed in there', async () => {
    await signIn();
    const refused = await inApp<Record<string, unknown>>(
      `manager.getUser().then((user) => { user.refresh_token = undefined; return manager.storeUser(user); })
        .then(() => manager.signinSilent())
        .then(() => ({}), ({ error, state }) => ({ error, state }))`,
    );
    expect(refused).toMatchObject({ error: 'login_required' });
  });

  it('[CS06][LO01] signs out without a question and comes back, revoking its tokens if it likes', async () => {
    const { page, stack, service } = world;
    const { refresh_token: token = '' } = await signIn();
    await inApp('manager.revokeTokens(["refresh_token"])');
    expect((await service.refresh(token)).status).toBe(400);
    await inApp('void manager.signoutRedirect({ state: "bye" })');
    await page.waitForURL(`${spa.origin}/app?state=**`);
    expect(await inApp('manager.signoutRedirectCallback().then(({ userState }) => userState)')).toBe('bye');
    const cookies = await world.context.cookies(stack.issuer);
    expect(cookies.map(({ name }) => name)).not.toContain('assent-session');
  });

  it('[CS06][DP01] binds its tokens to a key that never leaves the browser, and renews them with it', async () => {
    await world.registerAs({
      token_endpoint_auth_method: 'none',
      redirect_uris: [`${spa.origin}/app`],
      dpop_bound_access_tokens: true,
    });
    spa.settings = { ...spa.settings, client_id: world.service.registration.clientId, dpop: true };
    const user = await signIn();
    expect(user.token_type).toBe('DPoP');
    const renewed = await renew();
    expect([renewed.token_type, renewed.refresh_token === user.refresh_token]).toEqual(['DPoP', false]);
    const userinfo = JSON.stringify(`${world.stack.issuer}/userinfo`);
    const answered = await inApp<Record<string, unknown>>(
      `manager.getUser().then(async (user) => {
        const proof = await manager.dpopProof(${userinfo}, user, 'GET');
        const ask = (authorization, more) => fetch(${userinfo}, { headers: { authorization, ...more } });
        const [bound, bare] = [await ask('DPoP ' + user.access_token, { DPoP: proof }), await ask('Bearer ' + user.access_token)];
        return { ...(await bound.json()), bare: bare.status };
      })`,
    );
    expect(answered).toMatchObject({ sub: user.profile.sub, bare: 401 });
  });
});
