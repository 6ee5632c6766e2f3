/** Which token tells what of a person. */
import { describe, expect, it } from 'vitest';
import { parseResources } from '../../src/oauth/access/catalogue.ts';
import {
  claimsFor,
  type Person,
  type PersonClaim,
  personClaims,
  personClaimsIn,
} from '../../src/oauth/access/person.ts';
import { adminResource } from '../../src/oauth/access/resources.ts';

const [boards, files] = ['https://boards.example', 'https://files.example'] as const;

const alice: Person = { subject: 'oid-1', name: 'Alice Adams', account: 'alice@contoso.example', roles: ['author'] };
const everything = {
  uid: 'oid-1',
  name: 'Alice Adams',
  preferred_username: 'alice@contoso.example',
  roles: ['author'],
};

const known = (boardsClaims: readonly PersonClaim[], filesClaims: readonly PersonClaim[] = []) => [
  { identifier: boards, claims: boardsClaims },
  { identifier: files, claims: filesClaims },
];

describe('what a token tells of the person', () => {
  it('is what its resource may know, and nothing else', () => {
    expect(claimsFor(alice, [boards], known(personClaims))).toEqual(everything);
    expect(claimsFor(alice, [boards], known(['subject']))).toEqual({ uid: 'oid-1' });
    expect(claimsFor(alice, [boards], known(['name', 'roles']))).toEqual({ name: 'Alice Adams', roles: ['author'] });
    expect(claimsFor(alice, [boards], known([], personClaims))).toEqual({});
  });

  it('is for several resources what all of them may know, because each of them reads it', () => {
    const both = [boards, files];
    expect(claimsFor(alice, both, known(personClaims, ['subject', 'roles']))).toEqual({
      uid: 'oid-1',
      roles: ['author'],
    });
    expect(claimsFor(alice, both, known(['name'], ['subject']))).toEqual({});
    expect(claimsFor(alice, both, known(personClaims))).toEqual({});
  });

  it('is nothing for a resource that is not known, and nothing of a person whom nobody described', () => {
    expect(claimsFor(alice, [boards, 'https://gone.example'], known(personClaims))).toEqual({});
    expect(claimsFor(undefined, [boards], known(personClaims))).toEqual({});
  });

  it('leaves out what the sign-in provider did not say', () => {
    const nameless = { ...alice, name: undefined, account: undefined, roles: [] };
    expect(claimsFor(nameless, [boards], known(personClaims))).toEqual({ uid: 'oid-1', roles: [] });
  });

  it('is read back from the token by the same names', () => {
    expect(personClaimsIn({ ...everything, sub: 'x', aud: boards, email: 'y' })).toEqual(everything);
    expect(personClaimsIn({ sub: 'x' })).toEqual({});
  });
});

describe('the claims of a resource in RESOURCES', () => {
  const parse = (claims: unknown) => parseResources([{ identifier: boards, name: 'Boards', claims }])[0]?.claims;

  it("are the provider's stable id alone where nothing is said", () => {
    expect(parse(undefined)).toEqual(['subject']);
    expect(parse([])).toEqual([]);
    expect(parse(['roles', 'name'])).toEqual(['roles', 'name']);
  });

  it.each([['email'], [['email']], [['subject', 1]], [null], [{ subject: true }]])('are refused as %j', (claims) => {
    expect(() => parse(claims)).toThrow(/^https:\/\/boards\.example: claims/);
  });

  it('are none at the admin API, where nobody acts as a person', () => {
    expect(adminResource('https://login.example').claims).toEqual([]);
  });
});
