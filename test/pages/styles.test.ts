/** One style sheet for all pages, of parts that must not meet in each other's rules. */
import { expect, test } from 'vitest';
import { render } from '../../src/pages/html.ts';
import { styles } from '../../src/pages/styles.ts';
import { approvalStyles } from '../../src/pages/styles-approval.ts';
import { formStyles } from '../../src/pages/styles-forms.ts';
import { managingStyles } from '../../src/pages/styles-managing.ts';

const parts = { approvalStyles, formStyles, managingStyles } as const;

const classesIn = (css: string): ReadonlySet<string> =>
  new Set(Array.from(css.replace(/\{[^{}]*\}/g, ' ').matchAll(/\.([a-z][\w-]*)/g), ([, name = '']) => name));

/** What all pages have: each part may have its own way with those. */
const common = classesIn(Object.values(parts).reduce((css, part) => css.replace(render(part), ''), render(styles)));

test('a class belongs to one part of the style sheet, or to all pages', () => {
  const owners = Object.entries(parts).flatMap(([part, css]) =>
    [...classesIn(render(css))].filter((name) => !common.has(name)).map((name) => [name, part] as const),
  );
  const shared = Map.groupBy(owners, ([name]) => name);
  expect([...shared.values()].filter((all) => all.length > 1).map((all) => all.join(' and '))).toEqual([]);
  expect(owners.length).toBeGreaterThan(20);
});
