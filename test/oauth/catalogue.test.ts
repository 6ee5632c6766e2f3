/** Declarations of resources: what is refused, and that whatever is accepted can be shown. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declarationOf, parseResources, withDeclared } from '../../src/oauth/access/catalogue.ts';
import { differenceOf, effectsOfResource, takesAway } from '../../src/oauth/access/catalogue-effects.ts';
import { includedIn } from '../../src/oauth/access/included.ts';
import { withIncluded } from '../../src/oauth/policy/matter.ts';
import { permissionsOf } from '../support/permissions.ts';

const identifier = 'https://api.example';
const [read] = permissionsOf('read');
const declared = (...permissions: readonly object[]) => [{ identifier, name: 'API', permissions }];
const child = (id: string, inheritsFrom: string) => ({ ...read, id, inheritsFrom });

describe('a declaration of resources', () => {
  it.each([
    ['a parent that is not there', declared(child('a', 'b')), 'permissions.0.inheritsFrom: names no permission'],
    ['a permission that includes itself', declared(child('a', 'a')), 'permissions.0.inheritsFrom: includes itself'],
    [
      'a cycle of three',
      declared(read ?? {}, child('a', 'b'), child('b', 'c'), child('c', 'a')),
      'permissions.1.inheritsFrom: includes itself; https://api.example: permissions.2.inheritsFrom: includes itself; https://api.example: permissions.3',
    ],
    ['a permission twice', declared(read ?? {}, read ?? {}), 'permissions.1.id: is there twice'],
    ['one without a name', declared({ id: 'a', description: 'A.' }), 'permissions.0.name'],
    ['one without a description', declared({ id: 'a', name: 'Do a' }), 'permissions.0.description'],
    ['an empty description', declared({ id: 'a', name: 'Do a', description: '' }), 'permissions.0.description'],
    ['what cannot be read', declared({ id: 'a', name: 'Do\u202e a', description: 'A.' }), 'permissions.0.name'],
    ['a member that is none', declared({ ...read, inheritFrom: 'x' }), 'permissions.0.inheritFrom: is no member'],
    ['a name of ours', declared({ ...read, id: 'assent.admin' }), 'permissions.0.id: must not begin with assent.'],
    ['a name that is no scope', declared({ ...read, id: 'a b' }), 'permissions.0.id: must be a scope'],
    ['an identifier with a fragment', [{ identifier: 'https://a.example#b', name: 'A' }], 'identifier: must be an'],
    ['an identifier that is relative', [{ identifier: '/a', name: 'A' }], 'identifier: must be an absolute URI'],
    ['a translation of nothing', [{ identifier, name: 'A', 'colour#de': 'rot' }], 'colour#de: is no member'],
    ['no array', {}, 'must be a JSON array'],
  ])('is refused for %s', (_, value, problem) => {
    expect(() => parseResources(value)).toThrow(problem);
  });

  it('names every problem at once', () => {
    expect(() => parseResources([...declared({ id: 'a' }), { identifier: 'x', name: 'X' }])).toThrow(
      /permissions\.0\.name.*permissions\.0\.description.*x: identifier/,
    );
  });

  it('may have the words of other languages', () => {
    const words = { ...read, 'name#de': 'Lesen', 'category#ja': '文書' };
    const [resource] = parseResources([{ identifier, name: 'API', 'name#fr': 'Une API', permissions: [words] }]);
    expect(resource?.permissions.get('read')).toMatchObject({ id: 'read', category: 'Other' });
  });

  it('declares the same again as it is shown to operators', () => {
    const details = { payment: { title: 'Pay once', fields: [{ name: 'to', label: 'To', kind: 'text' }] } };
    const resources = parseResources([
      { identifier, name: 'API' },
      {
        identifier: 'https://other.example',
        name: 'Other',
        claims: [],
        signingAlgorithm: 'ES256',
        permissions: [read, child('a', 'read')],
        authorizationDetails: details,
      },
    ]);
    expect(resources.map(declarationOf)[0]).not.toHaveProperty('permissions');
    expect(parseResources(JSON.parse(JSON.stringify(resources.map(declarationOf))))).toEqual(resources);
  });
});

describe('whatever is accepted', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const permission = fc.record({
    id,
    name: fc.string({ minLength: 1, maxLength: 20 }),
    description: fc.string({ minLength: 1, maxLength: 20 }),
    inheritsFrom: fc.option(id, { nil: undefined }),
  });

  const accepted = (permissions: readonly object[]) => {
    try {
      return parseResources(declared(...permissions))[0];
    } catch {
      return undefined;
    }
  };

  it('has no cycle, and says of each permission what it means and what it includes', () => {
    let count = 0;
    fc.assert(
      fc.property(fc.uniqueArray(permission, { maxLength: 5, selector: (one) => one.id }), (permissions) => {
        const resource = accepted(permissions);
        if (resource === undefined) return;
        count += 1;
        for (const one of resource.permissions.values()) {
          const way = includedIn(one, resource).map((each) => each.id);
          expect(new Set([one.id, ...way]).size).toBe(way.length + 1);
          expect(way.length).toBe(withIncluded(`${identifier} ${one.id}`, [resource]).length - 1);
          expect(resource.permissions.get(way.at(-1) ?? one.id)?.inheritsFrom).toBeUndefined();
          expect(one.name.trim() && one.description.trim()).not.toBe('');
        }
      }),
      { numRuns: 2_000, seed: 8 },
    );
    expect(count).toBeGreaterThan(100);
  });

  it('is decided in the same time however long its permissions include one another', () => {
    const chain = Array.from({ length: 500 }, (_, index) => ({
      ...read,
      id: `p${index}`,
      ...(index === 0 ? {} : { inheritsFrom: `p${index - 1}` }),
    }));
    expect(accepted(chain)?.permissions.size).toBe(500);
    expect(accepted([{ ...chain[0], inheritsFrom: 'p499' }, ...chain.slice(1)])).toBeUndefined();
    expect(accepted([...chain, { ...read, id: 'one more' }])).toBeUndefined();
  });
});

describe('what operators declare beside the file', () => {
  const details = (title: string) => ({ payment: { title, fields: [] } });
  const [file, ...others] = parseResources([
    { identifier, name: 'Of the file', authorizationDetails: details('Pay') },
    { identifier: 'https://other.example', name: 'Other' },
  ]);
  const ofFile = file === undefined ? [] : [file];

  it('counts, unless the file declares it: that is never changed past its reviewers', () => {
    const past = parseResources([{ identifier: `${identifier}/`, name: 'Changed' }]);
    expect(withDeclared(ofFile, [...past, ...others]).map(({ name }) => name)).toEqual(['Of the file', 'Other']);
  });

  it('leaves each type of authorization details to the file', () => {
    const [other] = parseResources([
      { identifier: 'https://other.example', name: 'Other', authorizationDetails: details('Pay twice') },
    ]);
    const [, counting] = withDeclared(ofFile, other === undefined ? [] : [other]);
    expect([...(counting?.detailTypes?.keys() ?? [])]).toEqual([]);
  });
});

describe('what a change of a resource does', () => {
  const [before] = parseResources(declared(...permissionsOf('read', 'write', 'share')));
  const [after] = parseResources(
    declared(...permissionsOf('read'), { ...permissionsOf('write')[0], name: 'Write' }, child('list', 'read')),
  );

  it('is told by what differs', () => {
    expect(differenceOf({ before, after })).toEqual({
      added: ['list'],
      removed: ['share'],
      reworded: ['write'],
      reparented: [],
      removedTypes: [],
    });
    expect(takesAway(differenceOf({ before, after }))).toBe(true);
    expect(takesAway(differenceOf({ before: undefined, after }))).toBe(false);
  });

  it.each([
    ['a new one', { before: undefined, after }, [/^Can be registered for the 3 permissions/]],
    [
      'a changed one',
      { before, after },
      [/^Can be registered for list/, /^Go on without it/, /^Refuse all/, /^Stay/, /^Is asked again/],
    ],
    [
      'one that goes',
      { before, after: undefined },
      [/^Go on without it/, /^Refuse all/, /^Stay/, /read, share as needing/],
    ],
    ['one that stays', { before, after: before }, []],
  ] as const)('is said of %s', (_, change, said) => {
    const ruled = change.after === undefined ? [`${identifier} read`, `${identifier} share`] : [];
    const effects = effectsOfResource(change, ruled).map(({ what }) => what);
    expect(effects).toHaveLength(said.length);
    for (const [index, pattern] of said.entries()) expect(effects[index]).toMatch(pattern);
  });

  it('is said of those whose tokens tell more', () => {
    const [telling] = parseResources([
      { ...declared(...permissionsOf('read', 'write', 'share'))[0], claims: ['name'] },
    ]);
    expect(effectsOfResource({ before, after: telling }, []).map(({ what }) => what)).toEqual([
      expect.stringMatching(/^Its new tokens tell name of them/),
    ]);
  });
});
