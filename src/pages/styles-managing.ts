/** The look of what people manage: authorizations, sessions, their data. */
import { html } from './html.ts';

/** Rows with something to do at their end, and folds that ask before it is done. */
export const managingStyles = html`
.state { color: var(--care); }
.card > [type=hidden] + * { margin-top: 0; }
.account + .links { margin: .25rem 0 -.75rem; }
.card.service { padding: 1.125rem 1.5rem; }
.service > * + * { margin-top: .75rem; }
.service .grants li { font-size: .875rem; padding: .08rem .6rem; }
.service .grants .quiet { border-color: transparent; padding-inline: .2rem; }
.row-end { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .5rem 1.25rem; }
.row-end > .line { flex: 1 1 20rem; }
.line { display: flex; flex-wrap: wrap; gap: .1rem 1.5rem; font-size: .875rem; line-height: 1.5; }
.line dt, .line dd { display: inline; }
.line dt { color: var(--quiet); }
.line dt::after { content: " "; }
.line .quiet { font-size: inherit; }
.ask summary { width: fit-content; min-height: 2.75rem; padding-block: .6rem; color: var(--care); font-weight: 600; cursor: pointer; }
.ask:not(.card) summary { font-size: .9375rem; }
.card.ask summary { margin-block: -.6rem; }
.ask[open] { flex-basis: 100%; }
.ask p { font-size: .9375rem; text-wrap: pretty; }
.ask form { margin-top: .75rem; }
.rows > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1.25rem; padding-block: .875rem; }
.rows > li + li { border-top: 1px solid var(--line); }
.rows > li > div { flex: 1 1 14rem; min-width: 0; }
.rows p { line-height: 1.45; }
.card.rows { padding-block: .625rem; }
.card.rows > * + * { margin-top: 0; }
.back { margin-bottom: 1rem; font-size: .9375rem; }
.back a { display: inline-flex; align-items: center; min-height: 2.75rem; }
.back a::before { content: "←"; margin-inline-end: .5rem; }
[dir=rtl] .back a::before { content: "→"; }
.back + .who .tile { width: 3.5rem; height: 3.5rem; }
.group { margin-top: 2rem; }
.search { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; margin-top: .75rem; }
.search label { flex: 1 1 100%; color: var(--quiet); font-size: .9375rem; }
.search input { flex: 1 1 12rem; }
.search input, .fields textarea { min-height: 2.875rem; min-width: 0; padding: .5rem .9rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: var(--ink); font: inherit; }
.fields textarea { display: block; width: 100%; resize: vertical; }
.fields textarea[readonly] { font: .8125rem/1.5 ui-monospace, monospace; }
.fields fieldset label, label:has(> [type=checkbox]) { display: flex; align-items: center; gap: .75rem; min-height: 2.75rem; }
.fields input { flex: none; width: 1.375rem; height: 1.375rem; accent-color: var(--accent); }
.fields legend { font-weight: 620; }
.next { margin-top: 1.25rem; }`;
