import { describe, expect, it } from 'vitest';
import { claimsOfScopes, toldClaims } from '../../src/oauth/access/identity-claims.ts';
import { parseClaims } from '../../src/oauth/authorization/claims-parameter.ts';

const nothing = { userinfo: [], idToken: [], subjects: [], requiredAcr: [] };

describe('the claims parameter (OpenID Connect Core §5.5)', () => {
  it.each<[string | undefined, object]>([
    [undefined, nothing],
    ['{}', nothing],
    ['{"userinfo":null,"id_token":null}', nothing],
    ['{"userinfo":{"name":null,"email":{"essential":true}}}', { ...nothing, userinfo: ['name', 'email'] }],
    ['{"id_token":{"given_name":{"value":"A"}}}', { ...nothing, idToken: ['given_name'] }],
    ['{"userinfo":{"picture":null,"https://x.example/claim":null},"other":{"name":null}}', nothing],
    ['{"id_token":{"sub":{"value":"a"}},"userinfo":{"sub":{"values":["b",5]}}}', { ...nothing, subjects: ['a', 'b'] }],
    ['{"id_token":{"acr":{"essential":true,"values":["1","2"]}}}', { ...nothing, requiredAcr: ['1', '2'] }],
    ['{"id_token":{"acr":{"values":["1","2"]}}}', nothing],
    ['{"userinfo":{"name":{"essential":true,"purpose":"to greet"}}}', { ...nothing, userinfo: ['name'] }],
  ])('[OI08] %s', (text, expected) => {
    expect(parseClaims(text)).toEqual(expected);
  });

  it.each([
    '',
    'null',
    '[]',
    '"name"',
    '5',
    '{"userinfo":[]}',
    '{"userinfo":{"name":true}}',
    '{"userinfo":{"name":{"values":"a"}}}',
    '{"userinfo":',
    '['.repeat(5_000),
    '{"userinfo":'.repeat(5_000),
  ])('[OI08] is refused when it is not of that shape: %.40s', (text) => {
    expect(() => parseClaims(text)).toThrow('invalid_request: claims must be JSON');
  });

  it('[IP07] takes names of JavaScript’s own objects for claims that there are not', () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    for (const name of names) {
      expect(parseClaims(`{"userinfo":{"${name}":{"essential":true}},"id_token":{"${name}":null}}`)).toEqual(nothing);
      expect(parseClaims(`{"${name}":{"name":null}}`)).toEqual(nothing);
    }
    expect(({} as Record<string, unknown>).essential).toBeUndefined();
  });
});

describe('what a service is told of a person (§5.1, §5.4)', () => {
  const person = { subject: 's', name: 'Alice Adams', account: undefined, email: 'a@x.example', roles: ['r'] };

  it('[OI04] is what was asked for, allowed, and said by the provider', () => {
    const scopes = ['openid', 'profile', 'email'];
    expect(toldClaims(person, claimsOfScopes(scopes), scopes)).toEqual({ name: 'Alice Adams', email: 'a@x.example' });
    expect(toldClaims(person, ['name', 'email'], ['openid', 'email'])).toEqual({ email: 'a@x.example' });
    expect(toldClaims(person, ['subject', 'roles', 'uid'], scopes)).toEqual({});
    expect(toldClaims(undefined, ['name'], scopes)).toEqual({});
    expect(toldClaims({ ...person, emailVerified: false }, ['email_verified'], scopes)).toEqual({
      email_verified: false,
    });
  });
});
