/** Styles of the console alone. */
import { html } from '../html.ts';
import { tableStyles } from './table.ts';

export const consoleStyles = html`
main.column, .top .column, footer.column { max-width: 58rem; }
.areas { display: flex; flex-wrap: wrap; gap: 0 .35rem; margin-block: -.75rem 1.5rem; border-bottom: 1px solid var(--line); }
.areas a { display: inline-flex; align-items: center; min-height: 2.75rem; padding-inline: .6rem; border-bottom: 3px solid transparent; color: var(--quiet); text-decoration: none; font-size: .9375rem; font-weight: 550; }
.areas a:hover { color: var(--ink); }
.areas [aria-current] { border-bottom-color: var(--accent); color: var(--ink); }
.points { display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; }
.history .points li { padding: 0; border: 0; }
.signed { margin-top: 2.5rem; }
.effects > div { padding-block: .6rem; border-top: 1px solid var(--line); }
.effects dt { font-weight: 620; }
.effects dt::first-letter { text-transform: uppercase; }
.members { grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); }
.needs li { padding-block: .5rem; }
.needs li + li { border-top: 1px solid var(--line); }
.amount { display: flex; flex-wrap: wrap; gap: .5rem; }
.amount input { width: 8rem; }
.amount select { width: auto; }
.picks { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 0 1.25rem; max-height: 26rem; overflow-y: auto; padding: .25rem; }
form.card > fieldset { padding-block-start: 1.1rem; }
.problem::first-letter { text-transform: uppercase; }
.list .once summary { white-space: nowrap; }
.card > fieldset > legend { margin-bottom: .35rem; }
.filters { display: grid; gap: 0 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); align-items: end; }
.side { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); align-items: start; }
.field textarea { width: 100%; min-height: 6rem; resize: vertical; margin-top: .35rem; padding: .5rem .8rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: var(--ink); font: inherit; }
#declaration, .json, #jwks { font: .8125rem/1.5 ui-monospace, monospace; }
.wide { max-width: 100%; overflow-x: auto; }
.wide table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
.wide th, .wide td { padding: .55rem .75rem; border-top: 1px solid var(--line); text-align: start; vertical-align: top; }
.wide th { color: var(--quiet); font-weight: 550; }
${tableStyles}`;
