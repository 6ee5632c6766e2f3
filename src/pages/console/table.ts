/** Lists of the console: tables, whose rows become cards where there is no room beside each other. */
import { type Html, html } from '../html.ts';

type Cell = Html | string | number;

export type Rows = {
  /** What the list is of, for who does not see it. */
  readonly caption: string;
  /** Of the columns: the first one names the row, and one without a word leads to more of it. */
  readonly heads: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

/** The roles are said: browsers forget those of a table that is laid out as something else. */
export const listTable = ({ caption, heads, rows }: Rows): Html => html`<table class="list" role="table">
<caption class="unseen">${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th role="columnheader" scope="col">${head === '' ? html`<span class="unseen">Details</span>` : head}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => html`<tr role="row">${cells.map((cell, at) => cellOf(cell, heads[at] ?? '', at))}</tr>`)}</tbody>
</table>`;

const cellOf = (cell: Cell, head: string, at: number): Html =>
  at === 0
    ? html`<th role="rowheader" scope="row">${cell}</th>`
    : html`<td role="cell"><span class="head" aria-hidden="true">${head}</span><div>${cell}</div></td>`;

export const tableStyles = html`
.list { width: 100%; border-collapse: collapse; font-size: .9375rem; }
.list th, .list td { padding: .6rem .75rem; border-top: 1px solid var(--line); text-align: start; vertical-align: top; line-height: 1.45; }
.list thead th { border-top: 0; color: var(--quiet); font-size: .875rem; font-weight: 550; }
.list tbody th { font-weight: 600; }
.list th:first-child { padding-inline-start: 0; }
.list td:last-child, .list thead th:last-child { padding-inline-end: 0; }
.list .quiet { font-size: .875rem; font-weight: 400; }
.list thead th, .list .badge, .list td:last-child a { overflow-wrap: normal; white-space: nowrap; }
.list .head { display: none; }
@media (max-width: 46rem) {
  .list, .list tbody, .list tr, .list tbody th, .list td { display: block; }
  .list thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .list tr { padding-block: .9rem; border-top: 1px solid var(--line); }
  .list tbody tr:first-child { border-top: 0; padding-top: 0; }
  .list tbody th, .list td { padding: .15rem 0; border-top: 0; }
  .list tbody th { font-size: 1rem; }
  .list td { display: grid; grid-template-columns: minmax(0, 8rem) minmax(0, 1fr); gap: .75rem; }
  .list .head { display: inline; color: var(--quiet); }
}`;
