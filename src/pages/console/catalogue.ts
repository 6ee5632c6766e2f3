/** Every resource whose permissions can be asked for, and where it was declared. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { type ConsoleSite, code, consoleLayout, forOperators, nextPart } from './frame.ts';
import { listTable } from './table.ts';

/** As it is declared, and as the API answers it. */
export type PermissionView = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category?: string | undefined;
  readonly inheritsFrom?: string | null | undefined;
  readonly highPrivilege?: boolean | undefined;
};
export type ResourceView = {
  readonly declaration: {
    readonly identifier: string;
    readonly name: string;
    readonly permissions?: readonly PermissionView[];
    readonly claims?: readonly string[];
    readonly signingAlgorithm?: string;
    readonly authorizationDetails?: Readonly<Record<string, unknown>>;
  };
  readonly source: 'file' | 'operators';
  readonly in_force: boolean;
  readonly changed_at?: number;
};

type CatalogueView = ConsoleSite & {
  readonly resources: readonly ResourceView[];
  /** How many permissions each has. */
  readonly counts: ReadonlyMap<ResourceView, number>;
  readonly next?: string;
  /** What was done just now. */
  readonly done: 'declared' | 'changed' | 'removed' | undefined;
};

const resourceHref = (identifier: string): string =>
  `/console/catalogue/one?${String(new URLSearchParams({ identifier }))}`;

export const sourceWords = { file: 'setting RESOURCES', operators: 'operators, here or through the API' } as const;

const said = {
  declared: 'Declared. Every instance has it within 15 seconds.',
  changed: 'Changed. Every instance has it within 15 seconds.',
  removed: 'Removed. No instance has it any more within 15 seconds.',
} as const;

export const cataloguePage = (view: CatalogueView): Html =>
  consoleLayout(view, {
    area: 'catalogue',
    title: 'Catalogue',
    main: html`<p class="lead">The APIs that services can ask for, and what can be permitted there.</p>
${view.done !== undefined && html`<p class="notice" role="status">${said[view.done]}</p>`}
${forOperators(view, html`<p class="way"><a class="button" href="/console/catalogue/edit">Declare a resource</a></p>`)}
<div class="card">${view.resources.length === 0 ? html`<p>Nothing is declared.</p>` : resourceTable(view)}</div>
${nextPart('/console/catalogue', {}, view.next)}`,
  });

const resourceTable = ({ resources, counts, now }: CatalogueView): Html =>
  listTable({
    caption: 'Resources',
    heads: ['Resource', 'Permissions', 'Declared by', 'Changed'],
    rows: resources.map((one) => {
      const { declaration, source, in_force: inForce, changed_at: at } = one;
      return [
        html`<a href="${resourceHref(declaration.identifier)}">${displayText(declaration.name, 100)}</a><br><span class="quiet">${code(declaration.identifier)}</span>`,
        counts.get(one) ?? 0,
        html`${cleanText(sourceWords[source], 100)}${!inForce && html`<br><span class="badge doubt">Not in force: the setting declares it otherwise</span>`}`,
        at === undefined ? 'with the deployment' : coarsely(at, now, 'en'),
      ];
    }),
  });
