/** One service, many resources, every permission of each: it works, until it is refused in words. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { signedInAt } from '../../support/people.ts';
import { okJson, register, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const resources = Array.from({ length: 30 }, (_, at) => ({
  identifier: `https://api-${at}.example`,
  name: `API ${at}`,
}));

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ settings: { RESOURCES: JSON.stringify(resources.slice(0, 15)) } });
});

afterAll(() => stack.stop());

describe('a grant', () => {
  it('holds the whole catalogue of fifteen resources, and refuses more in words when it is full', async () => {
    const metadata = await okJson<{ scopes_supported: readonly string[] }>(
      fetch(`${stack.issuer}/.well-known/oauth-authorization-server`),
    );
    const service = await register(stack.issuer, { scope: metadata.scopes_supported.join(' ') });
    onTestFinished(() => stack.restartHost());
    // Resources that come later are more than the registration was weighed against.
    await stack.restartHost(0, { RESOURCES: JSON.stringify(resources) });
    const alice = await signedInAt(stack);
    const answers: string[] = [];
    let tokens: TokenSet | undefined;
    for (const { identifier } of resources) {
      const { url, verifier } = service.authorization({ scope: undefined, resource: identifier });
      const answer = await alice.authorize(url);
      const code = answer.searchParams.get('code');
      answers.push(answer.searchParams.get('error') ?? 'code');
      if (code !== null && tokens === undefined) tokens = await okJson<TokenSet>(service.redeem({ code, verifier }));
    }
    const granted = answers.filter((one) => one === 'code').length;
    expect(granted).toBeGreaterThanOrEqual(15);
    expect(answers).toEqual(resources.map((_, at) => (at < granted ? 'code' : 'invalid_scope')));
    // What was allowed before goes on, and can still be asked for.
    expect((await service.refresh(tokens?.refresh_token ?? '')).status).toBe(200);
    const first = service.authorization({ scope: undefined, resource: resources[0]?.identifier });
    expect((await alice.authorize(first.url)).searchParams.get('code')).toMatch(/^assent_ac_/);
    const page = await alice.visit(`${stack.issuer}/authorizations`);
    expect(page.kind === 'page' && page.status).toBe(200);
  });
});
