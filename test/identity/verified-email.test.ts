/** Whether an address of mail is verified, by the sign-in provider's word alone, and which one mails go to. */
import { describe, expect, it } from 'vitest';
import { mailboxOf } from '../../src/functions/sign-in/mailbox.ts';
import type { Incoming } from '../../src/http/request.ts';
import { signedInBy } from '../../src/identity/signed-in.ts';
import type { Server } from '../../src/server.ts';

const signIn = { issuer: 'https://login.example', subjectClaim: 'sub', operators: [] } as unknown as Parameters<
  typeof signedInBy
>[1];

const personBy = (claims: Readonly<Record<string, unknown>>) =>
  signedInBy(
    { iss: 'https://login.example', sub: 'alice', aud: 'assent', iat: 0, exp: 1, ...claims },
    { ...signIn, operatorRole: 'o', auditorRole: 'a' },
  ).person;

describe('an address of mail', () => {
  it.each([
    [{ email_verified: true }, true],
    [{ email_verified: false, xms_edov: true }, false],
    [{ xms_edov: true }, true],
    [{ xms_edov: '1' }, true],
    [{ xms_edov: 1 }, true],
    [{ xms_edov: false }, false],
    [{ xms_edov: '0' }, false],
    [{ xms_edov: {} }, false],
    [{ email_verified: 'true' }, undefined],
    [{}, undefined],
  ])('is verified or not by %j: %s', (claims, verified) => {
    expect(personBy({ email: 'alice@contoso.example', ...claims }).emailVerified).toBe(verified);
  });
});

describe('a mailbox', () => {
  const mail = { endpoint: 'https://mail.example', sender: 'a@contoso.example' };
  const boxOf = (claims: Readonly<Record<string, unknown>>, config: object = { mail }) =>
    mailboxOf(
      personBy(claims),
      { header: () => 'ja;q=0.9, xx' } as unknown as Incoming,
      { config } as unknown as Server,
    );
  const verified = { email_verified: true };
  const none = { address: '', language: '' };

  it('is at the verified address, in the language of the browser', () => {
    const box = boxOf({ ...verified, email: "o'hara+x@contoso.example" });
    expect(box).toEqual({ address: "o'hara+x@contoso.example", language: 'ja' });
  });

  it.each([
    ['alice@contoso.example', { email_verified: false }],
    ['alice@contoso.example', {}],
    ['alice@contoso.example, mallory@evil.example', verified],
    ['alice@contoso.example\r\nBcc: mallory@evil.example', verified],
    ['<alice@contoso.example>', verified],
    ['alice', verified],
    [undefined, verified],
  ])('is nowhere for %j with %j', (email, claims) => {
    expect(boxOf({ email, ...claims })).toEqual(none);
  });

  it('is nowhere in a deployment that sends no mail', () => {
    expect(boxOf({ ...verified, email: 'alice@contoso.example' }, { mail: undefined })).toEqual(none);
  });
});
