/** docs/apps.md: its numbers are those of the code, its errors those of the page, and what it says of secrets is tried. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretLifetimes } from '../../../src/flows/apps/secrets.ts';
import { invitationSeconds } from '../../../src/oauth/clients/owners.ts';
import { answerTo, type ErrorCode } from '../../../src/oauth/errors.ts';
import { pictureBytesLimit, pictureTypes } from '../../../src/oauth/images/picture.ts';
import { apps } from '../../../src/pages/words/en/apps.ts';
import { idOf, registerApp } from '../../support/apps.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { createService, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let page: string;

beforeAll(async () => {
  page = (await readFile(new URL('../../../docs/apps.md', import.meta.url), 'utf8')).replace(/\s+/g, ' ');
  stack = await startStack();
  olga = await signedInAt(stack, 'olga');
});

afterAll(() => stack.stop());

/** What the token endpoint says to a service that sends this for its secret. */
const saidOf = async ({ registration }: Service, secret: string): Promise<string> => {
  const answer = await createService(stack.issuer, { ...registration, secret }).refresh('nothing');
  const { error, error_description: description } = (await answer.json()) as Record<string, string>;
  return `${answer.status} ${error}: ${description}`;
};

describe('docs/apps.md', () => {
  it('has the numbers of the code', () => {
    const [usual, ...others] = secretLifetimes;
    expect(page).toContain(`It lasts ${usual} days`);
    expect(page).toContain(`(${others.slice(0, -1).join(', ')} or ${others.at(-1)} days)`);
    expect(page).toContain(`good once, for ${invitationSeconds / 86_400} days`);
    expect(page).toContain(`up to ${pictureBytesLimit / 1_024} KB`);
    expect(pictureTypes).toEqual(['image/png', 'image/jpeg', 'image/webp']);
  });

  it('explains every error that the page of a service explains', () => {
    const listed = [...page.matchAll(/\| `(\w+)` \|/g)].map(([, error]) => error);
    const explained = Object.keys(apps.errorKinds).map((code) => answerTo(code as ErrorCode).onTheWire);
    expect(listed).toEqual([...new Set(explained)].toSorted());
  });

  it('names what is sent in place of a secret, as the error does', async () => {
    const service = await registerApp(olga, stack);
    const { refresh_token: refreshToken } = await service.tokens(olga, { scope: 'vso.work' });
    for (const [sent, words] of [
      [refreshToken, 'what was sent as its secret is a refresh token'],
      [idOf(service), 'what was sent as its secret is the client_id'],
    ] as const) {
      expect(page).toContain(`\`${words}\``);
      expect(await saidOf(service, sent)).toMatch(new RegExp(`^401 invalid_client: .*${words}$`));
    }
    expect(service.registration.secret).toMatch(/^assent_cs_/);
  });
});
