import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResources } from '../../src/oauth/access/catalogue.ts';
import { identityResource } from '../../src/oauth/access/openid-scopes.ts';
import { adminResource } from '../../src/oauth/access/resources.ts';
import {
  approvedTarget,
  audienceOf,
  findPermission,
  narrowTarget,
  permissionsAt,
  resolveTarget,
  stillAllowed,
} from '../../src/oauth/access/target.ts';
import { permissionsOf } from '../support/permissions.ts';

const [boards, files] = ['https://boards.example', 'https://files.example'] as const;
const permission = (id: string) => ({ id, name: id, description: id, category: 'x' });
const known = [
  ...parseResources([
    { identifier: boards, name: 'Boards', permissions: [permission('read'), permission('write')] },
    { identifier: files, name: 'Files', permissions: [permission('read'), permission('share')] },
  ]),
  identityResource('https://login.example'),
  adminResource('https://login.example'),
];
const allowed = ['read', 'write', 'share'];
const resolve = (scope: string | undefined, resources: readonly string[] = []) =>
  resolveTarget({ scope, resources, allowed }, known);

describe('what a client asks for (RFC 6749 §3.3, RFC 8707 §2)', () => {
  it('[RI05] is every resource that it names, never the first only', () => {
    expect(resolve('write share', [boards, files])).toEqual({ scopes: ['share', 'write'], resources: [boards, files] });
    expect(resolve('read', [files, files])).toEqual({ scopes: ['read'], resources: [files] });
    expect(() => resolve('read', [boards, 'https://other.example'])).toThrow('invalid_target');
  });

  it('is not the admin API together with anything else, whose server could use the token here', () => {
    const operator = [...allowed, 'assent.admin'];
    const admin = 'https://login.example/api/admin';
    const ask = (resources: readonly string[]) =>
      resolveTarget({ scope: 'read assent.admin', resources, allowed: operator }, known);
    expect(() => ask([admin, boards])).toThrow('invalid_target');
    expect(resolveTarget({ scope: 'assent.admin', resources: [admin], allowed: operator }, known)).toEqual({
      scopes: ['assent.admin'],
      resources: [admin],
    });
  });

  it('may say offline_access where a refresh token comes anyway, and is told where none does', () => {
    const ask = (scope: string, refreshes: boolean) =>
      resolveTarget({ scope, resources: [], allowed, refreshes }, known).scopes;
    expect(ask('read offline_access', true)).toEqual(['read']);
    expect(() => ask('read offline_access', false)).toThrow(/invalid_scope: no refresh token.*without offline_access/);
    expect(() => ask('offline_access', true)).toThrow('invalid_scope');
    const granted = { scopes: ['read'], resources: [boards] };
    expect(narrowTarget(granted, { scope: 'read offline_access', resources: [] }, known).scopes).toEqual(['read']);
  });

  it('[OI07] is a sign-in as well with openid, which needs no registration and leaves the audience as it is', () => {
    expect(resolve('read openid email')).toEqual({ scopes: ['email', 'openid', 'read'], resources: [boards] });
    expect(resolve('profile openid share', [files])).toEqual({
      scopes: ['openid', 'profile', 'share'],
      resources: [files],
    });
  });

  it('[OI07] is for the userinfo endpoint when it is a sign-in and nothing else', () => {
    const userinfo = 'https://login.example/userinfo';
    expect(resolve('openid profile')).toEqual({ scopes: ['openid', 'profile'], resources: [userinfo] });
    expect(resolve('openid', [userinfo])).toEqual({ scopes: ['openid'], resources: [userinfo] });
    expect(() => resolve('openid', [boards])).toThrow('invalid_target');
    expect(() => resolve('read', [userinfo])).toThrow('invalid_scope');
  });

  it('[OI07] may name scopes of OpenID Connect for which there is nothing here, which are ignored', () => {
    expect(resolve('openid address phone offline_access').scopes).toEqual(['openid']);
    expect(resolve('read profile').scopes).toEqual(['read']);
    for (const alone of ['profile', 'address phone'])
      expect(() => resolve(alone)).toThrow('invalid_scope: these scopes ask for nothing by themselves');
  });

  it('is no sign-in when the client asks for itself', () => {
    const ask = (scope: string | undefined) => () =>
      resolveTarget({ scope, resources: [], allowed: ['openid', 'read'], forItself: true }, known);
    expect(ask('read openid')).toThrow('invalid_scope');
    expect(ask('openid')).toThrow('invalid_scope');
    expect(ask(undefined)().scopes).toEqual(['read']);
  });

  it.each(['openid', 'profile', 'email', 'address', 'phone', 'offline_access'])(
    'cannot mean a permission by %s: no resource may have one of that name',
    (name) => {
      const own = [{ identifier: boards, name: 'B', permissions: [permission(name)] }];
      expect(() => parseResources(own)).toThrow(
        "permissions.0.id: is one of OpenID Connect's own scopes, which cannot be permissions",
      );
    },
  );

  it('is the one resource that has all the scopes when it names none', () => {
    expect(resolve('share read')).toEqual({ scopes: ['read', 'share'], resources: [files] });
    expect(resolve('read')).toEqual({ scopes: ['read'], resources: [boards] });
    expect(() => resolve('write share')).toThrow('invalid_scope');
  });

  it('is all that it may ask for there when it names no scope', () => {
    expect(resolve(undefined, [files])).toEqual({ scopes: ['read', 'share'], resources: [files] });
    expect(resolve('')).toEqual({ scopes: ['read', 'write'], resources: [boards] });
    expect(() => resolveTarget({ scope: undefined, resources: [boards], allowed: ['share'] }, known)).toThrow(
      'invalid_scope',
    );
  });

  it.each([
    ['share', [boards]],
    ['other', []],
    ['read other', []],
    ['READ', []],
    ['read  write', []],
    [' read', []],
    ['read\twrite', []],
    ['"read"', []],
    ['assent.admin', []],
    ['assent.admin', ['https://login.example/api/admin']],
  ])('is refused when a scope is wrong: %j at %j', (scope, resources) => {
    expect(() => resolve(scope, resources)).toThrow('invalid_scope');
  });

  it.each(['/boards', 'boards', `${boards}#f`, `${boards}//`, `${boards}/?`, `${boards}:443`, '', ' '])(
    '[RI01][RI02] is refused when the resource is %j',
    (resource) => {
      expect(() => resolve('read', [resource])).toThrow('invalid_target');
    },
  );

  it('[RI08] is the configured resource, whether its empty path is written as "/" or not', () => {
    expect(resolve('read', [`${boards}/`])).toEqual({ scopes: ['read'], resources: [boards] });
    expect(resolve('read', [boards, `${boards}/`])).toEqual({ scopes: ['read'], resources: [boards] });
    const slashed = parseResources([{ identifier: `${boards}/`, name: 'Boards', permissions: permissionsOf('read') }]);
    for (const name of [boards, `${boards}/`])
      expect(resolveTarget({ scope: 'read', resources: [name], allowed }, slashed).resources).toEqual([`${boards}/`]);
  });

  it('[MC03] is the configured resource with a slash at its end or without, its host in any case, and nothing else', () => {
    const at = (...paths: readonly string[]) =>
      parseResources(
        paths.map((path) => ({ identifier: boards + path, name: 'Boards', permissions: permissionsOf('read') })),
      );
    const found = (name: string, ...paths: readonly string[]) =>
      resolveTarget({ scope: 'read', resources: [name], allowed }, at(...paths)).resources;
    for (const name of [`${boards}/a/`, `${boards}/a`, 'HTTPS://Boards.Example/a/'])
      for (const path of ['/a', '/a/']) expect(found(name, path)).toEqual([boards + path]);
    expect(found('HTTPS://BOARDS.example', '')).toEqual([boards]);
    // Where both are there, each is itself.
    for (const path of ['/a', '/a/']) expect(found(boards + path, '/a/', '/a')).toEqual([boards + path]);
    const others = [
      boards,
      `${boards}/`,
      `${boards}/A`,
      `${boards}/a//`,
      `${boards}/a?`,
      `${boards}/a/?b`,
      `${boards}/aa`,
    ];
    for (const name of [...others, 'http://boards.example/a', 'https://boards.example.evil/a'])
      expect(() => found(name, '/a')).toThrow('invalid_target');
    expect(found(`${boards}/a/?b`, '/a?b')).toEqual([`${boards}/a?b`]);
    const granted = { scopes: ['read'], resources: [`${boards}/a`] };
    const narrow = { scope: 'read', resources: [`${boards}/a/`] };
    expect(narrowTarget(granted, narrow, at('/a')).resources).toEqual([`${boards}/a`]);
  });

  it.each([
    ['write', [boards, files]],
    ['share', [boards, files]],
    ['read write', [boards, 'https://login.example/api/admin']],
  ])('[RI05] is refused when there is nothing to do at one of the resources: %j at %j', (scope, resources) => {
    expect(() => resolve(scope, resources)).toThrow('invalid_target');
  });

  it('[RI07] is never the server itself when a resource was named', () => {
    expect(() => resolve('read', ['https://login.example'])).toThrow('invalid_target');
    expect(audienceOf(resolve('read', [boards]).resources)).toBe(boards);
    expect(audienceOf([boards, files])).toEqual([boards, files]);
  });
});

describe('what is left of a grant (RFC 6749 §6, RFC 8707 §2.2)', () => {
  const granted = { scopes: ['read', 'share', 'write'], resources: [boards, files] };

  it('is all of it, or the part that is asked for', () => {
    const narrow = (scope: string | undefined, resources: readonly string[] = []) =>
      narrowTarget(granted, { scope, resources }, known);
    expect(narrow(undefined)).toEqual(granted);
    expect(narrow('')).toEqual(granted);
    expect(narrow('write')).toEqual({ scopes: ['write'], resources: [boards] });
    expect(narrow(undefined, [files])).toEqual({ scopes: ['read', 'share'], resources: [files] });
    expect(() => narrow('other')).toThrow('invalid_scope');
    expect(() => narrow('write', [files])).toThrow('invalid_scope');
    expect(() => narrow('read', ['https://login.example/api/admin'])).toThrow('invalid_target');
  });

  it('[OI07] goes on signing in whatever is asked, unless it is asked without', () => {
    const signedIn = { scopes: ['email', 'openid', 'write'], resources: [boards] };
    const narrow = (scope: string | undefined, resources: readonly string[] = []) =>
      narrowTarget(signedIn, { scope, resources }, known);
    expect(narrow(undefined)).toEqual(signedIn);
    expect(narrow('write').scopes).toEqual(['write']);
    expect(narrow('openid')).toEqual({ scopes: ['openid'], resources: ['https://login.example/userinfo'] });
    expect(narrow('openid', ['https://login.example/userinfo']).scopes).toEqual(['openid']);
    expect(() => narrow('openid', [boards])).toThrow('invalid_target');
    expect(() => narrow('openid profile')).toThrow('invalid_scope');
    expect(stillAllowed(signedIn, { scopes: [], detailTypes: [] }).scopes).toEqual(['email', 'openid']);
    const left = known.filter(({ identifier }) => identifier !== boards);
    expect(narrowTarget(signedIn, { scope: undefined, resources: [] }, left)).toEqual({
      scopes: ['email', 'openid'],
      resources: ['https://login.example/userinfo'],
    });
  });

  it('[RI09] names no audience at which nothing was granted', () => {
    const refused = { scopes: ['write'], resources: [boards, files] };
    const narrow = (resources: readonly string[], scope?: string) => narrowTarget(refused, { scope, resources }, known);
    expect(narrow([])).toEqual({ scopes: ['write'], resources: [boards] });
    expect(narrow([boards])).toEqual({ scopes: ['write'], resources: [boards] });
    for (const named of [[files], [boards, files], [files, boards]])
      expect(() => narrow(named)).toThrow('invalid_target');
    expect(() => narrow([boards, files], 'write')).toThrow('invalid_target');
  });

  it('[RI09] names no audience that has left the configuration', () => {
    const left = known.filter(({ identifier }) => identifier !== files);
    const narrow = (resources: readonly string[], scope?: string) => narrowTarget(granted, { scope, resources }, left);
    expect(narrow([])).toEqual({ scopes: ['read', 'write'], resources: [boards] });
    for (const named of [[files], [boards, files]]) {
      expect(() => narrow(named)).toThrow('invalid_target');
      expect(() => narrow(named, 'read')).toThrow('invalid_target');
    }
    expect(() =>
      narrowTarget({ scopes: ['share'], resources: [files] }, { scope: undefined, resources: [] }, left),
    ).toThrow('invalid_target');
  });

  it('[RI08] is the same however its resource is spelled, and has the spelling that is configured now', () => {
    const narrow = (resources: readonly string[]) => narrowTarget(granted, { scope: 'write', resources }, known);
    expect(narrow([`${boards}/`])).toEqual({ scopes: ['write'], resources: [boards] });
    const respelled = { scopes: ['write'], resources: [`${boards}/`] };
    for (const resources of [[], [boards], [`${boards}/`]])
      expect(narrowTarget(respelled, { scope: undefined, resources }, known)).toEqual({
        scopes: ['write'],
        resources: [boards],
      });
  });

  it('is never more than was granted, whatever is asked', () => {
    const subset = <T>(values: readonly T[]) => fc.subarray([...values]);
    const asked = fc.array(fc.constantFrom('read', 'write', 'share', 'other', 'assent.admin', ''), { maxLength: 4 });
    const named = fc.array(fc.constantFrom(boards, files, 'https://other.example'), { maxLength: 3 });
    fc.assert(
      fc.property(
        subset(granted.scopes),
        subset(granted.resources),
        asked,
        named,
        (scopes, resources, scope, names) => {
          try {
            const target = narrowTarget({ scopes, resources }, { scope: scope.join(' '), resources: names }, known);
            expect(scopes).toEqual(expect.arrayContaining([...target.scopes]));
            expect(resources).toEqual(expect.arrayContaining([...target.resources]));
            expect(target.scopes.length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^invalid_(scope|target)$/) });
          }
        },
      ),
    );
  });
});

describe('what a person allows of a request', () => {
  it('[RI09] is nothing at a resource of which they unticked everything, even if that offers the rest one day', () => {
    const asked = resolve('share write', [boards, files]);
    const approved = approvedTarget(asked, ['write'], known);
    expect(approved).toEqual({ scopes: ['write'], resources: [boards] });
    const grown = parseResources([
      { identifier: boards, name: 'Boards', permissions: [permission('write')] },
      { identifier: files, name: 'Files', permissions: [permission('share'), permission('write')] },
    ]);
    expect(narrowTarget(approved, { scope: undefined, resources: [] }, grown).resources).toEqual([boards]);
    expect(approvedTarget(asked, asked.scopes, known)).toEqual(asked);
  });
});

describe('what an operator has taken from a client since', () => {
  it('is no part of what is left, and the rest is', () => {
    const granted = { scopes: ['read', 'write'], resources: [boards] };
    expect(stillAllowed(granted, { scopes: ['write', 'share'], detailTypes: [] })).toEqual({
      scopes: ['write'],
      resources: [boards],
    });
    expect(stillAllowed(granted, { scopes: ['write', 'read'], detailTypes: [] })).toEqual(granted);
    expect(() =>
      narrowTarget(stillAllowed(granted, { scopes: [], detailTypes: [] }), { scope: undefined, resources: [] }, known),
    ).toThrow('invalid_scope');
  });
});

describe('what is remembered of a decision', () => {
  it.each([
    ['read', [boards], [`${boards} read`]],
    ['read', [files], [`${files} read`]],
    ['read', [files, boards], [`${boards} read`, `${files} read`]],
    ['share write', [boards, files], [`${boards} write`, `${files} share`]],
  ])('is each permission at its own resource: %j at %j', (scope, resources, expected) => {
    expect(permissionsAt(resolve(scope, resources), known)).toEqual(expected);
  });

  it('is found again at its own resource, as long as that offers it', () => {
    for (const [identifier, name] of [
      [boards, 'Boards'],
      [files, 'Files'],
    ]) {
      const found = findPermission(`${identifier} read`, known);
      expect([found?.resource.name, found?.permission.id]).toEqual([name, 'read']);
    }
    expect(findPermission(`${boards}/ read`, known)?.resource.name).toBe('Boards');
    expect(permissionsAt({ scopes: ['write'], resources: [`${boards}/`] }, known)).toEqual([`${boards} write`]);
    for (const gone of [`${boards} share`, `${boards}// read`, 'https://other.example read', boards, 'read', ''])
      expect(findPermission(gone, known)).toBeUndefined();
  });
});
