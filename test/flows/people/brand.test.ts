/** The organisation's colour and picture, on every page and from this origin alone. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pngOf } from '../../support/pictures.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const picture = pngOf({ width: 120, height: 40, colour: [0, 120, 212] });

let stack: Stack;

beforeAll(async () => {
  const settings = { BRAND_ACCENT: '#FFCC00', BRAND_LOGO: picture.toString('base64') };
  stack = await startStack({ settings, throughProxy: true });
});

afterAll(async () => {
  await stack.stop();
});

const pageAt = async (path: string): Promise<{ html: string; policy: string }> => {
  const answer = await fetch(`${stack.issuer}${path}`, { headers: { accept: 'text/html' } });
  return { html: await answer.text(), policy: answer.headers.get('content-security-policy') ?? '' };
};

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe("the organisation's colour", () => {
  it.each(['/', '/authorize', '/nowhere'])(
    'is in a style of its own, which the policy of %s allows by its hash',
    async (path) => {
      const { html, policy } = await pageAt(path);
      const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style = '']) => style);
      expect(styles).toHaveLength(2);
      expect(styles[1]).toContain('--band: #ffcc00;');
      expect(policy).toContain(`style-src ${styles.map(hashOf).join(' ')};`);
    },
  );
});

describe("the organisation's picture", () => {
  it('is in front of its name on every page, and stands for it in the tab', async () => {
    for (const path of ['/', '/authorize', '/nowhere']) {
      const { html } = await pageAt(path);
      expect(html).toMatch(/<p class="brand"><img class="brand-picture" src="\/logos\/brand-[0-9a-f]{32}" alt=""/);
      expect(html).toMatch(/<link rel="icon" href="\/logos\/brand-[0-9a-f]{32}">/);
    }
  });

  it('comes from here, for good, without a call, and can run nothing', async () => {
    const [, path = ''] = /src="(\/logos\/brand-[^"]+)"/.exec((await pageAt('/')).html) ?? [];
    const before = stack.tableProxy.requests.length;
    const answer = await fetch(`${stack.issuer}${path}`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(picture);
    expect(stack.tableProxy.requests.length).toBe(before);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    expect((await fetch(`${stack.issuer}/logos/brand-${'0'.repeat(32)}`)).status).toBe(404);
  });
});
