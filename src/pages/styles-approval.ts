/** The look of the page on which people decide. */
import { html } from './html.ts';

const who = html`
.approval > * { margin-block: 0; }
.approval > * + * { margin-block-start: 1rem; }
.approval .card { padding: .25rem 1.25rem; }
.asker { display: flex; align-items: flex-start; gap: 1rem; }
.asker > div { flex: 1; min-width: 0; }
.asker .tile { width: 3.25rem; height: 3.25rem; border-radius: 14px; font-size: 1.375rem; }
.asker h1 { font-size: clamp(1.3125rem, 1.2rem + .6vw, 1.625rem); }
.marks { display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin-block-start: .4rem; color: var(--quiet); font-size: .9375rem; }
.marks li { display: flex; align-items: center; gap: .3rem; min-width: 0; }
.marks b { color: var(--ink); }
.checked { color: var(--accent); font-weight: 600; }
.unchecked { color: var(--care); font-weight: 600; }
.approval .warning { font-size: .9375rem; line-height: 1.5; padding: .75rem 1rem; }
.approval .notice { font-size: .9375rem; line-height: 1.5; padding: .75rem 1rem; }
.approval .warning > * + * { margin-block-start: .5rem; }
.warning .plain-list { font-size: inherit; }
.warning .plain-list li::before { background: currentcolor; }
.warning h2 { font-size: 1rem; }
.warning .facts { grid-template-columns: repeat(auto-fit, minmax(min(8rem, 100%), 1fr)); gap: .4rem 1rem; }
.warning .facts dt { color: inherit; }
.whom { display: flex; align-items: center; gap: .75rem; padding: .25rem .35rem .25rem .75rem; border: 1px solid var(--line); border-radius: 99px; background: var(--surface); }
[dir=rtl] .whom { padding: .25rem .75rem .25rem .35rem; }
.whom .initial { width: 2rem; height: 2rem; font-size: .9375rem; }
.whom p { flex: 1; min-width: 0; display: flex; flex-wrap: wrap; column-gap: .6rem; line-height: 1.35; font-size: .9375rem; }
.link { min-height: 2.75rem; padding: .25rem .6rem; border-color: transparent; background: none; color: var(--accent); font-size: .9375rem; font-weight: 550; text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: .06em; }
.icon { flex: none; width: 1.5rem; height: 1.5rem; color: var(--accent); }
.icon.small { width: 1.125rem; height: 1.125rem; color: inherit; }
.chevron { width: 1.25rem; height: 1.25rem; color: var(--quiet); }
details[open] > summary > .chevron { rotate: 180deg; }`;

/** Summaries lie above the labels, which are as large as their rows. */
const what = html`
.answering > .card, .answering > .decision { margin-block-start: 1rem; }
.asks legend, .lasting legend { padding-block-start: .75rem; }
.asks.card > * + * { margin-block-start: 0; }
.tools { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 1.5rem; }
.tools .link { flex: none; margin-inline-end: -.6rem; margin-block-start: -1.9rem; }
.permissions li { position: relative; }
.permissions > li + li, .fold + .fold, .fold > .permissions, .fold + .permissions, .permissions + .permissions, .permissions + .fold { border-block-start: 1px solid var(--line); }
.row { position: relative; display: grid; grid-template-columns: auto auto 1fr; align-items: start; gap: .75rem; min-height: 2.75rem; padding: .7rem 0; padding-inline-end: 3rem; }
.row input, .lasts input { position: relative; z-index: 1; flex: none; width: 1.375rem; height: 1.375rem; margin: .1rem 0 0; accent-color: var(--accent); }
.row label, .lasts label { font-weight: 600; cursor: pointer; }
.row label::after, .lasts label::after { content: ""; position: absolute; inset: 0; }
.row input:focus-visible, .lasts input:focus-visible { outline: none; }
.row:has(:focus-visible), .lasts:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: -2px; border-radius: 8px; }
.row .title { min-width: 0; line-height: 1.45; }
.row .flag, .row .badge { font-size: .75rem; padding-inline: .5rem; vertical-align: .08em; }
.includes b, .place b { font-weight: inherit; }
.far > .row .icon { color: var(--care); }
.place, .includes, .included, .remark { color: var(--quiet); font-size: .875rem; line-height: 1.45; }
.included { display: none; }
.more > summary { position: absolute; z-index: 1; inset-block-start: .1rem; inset-inline-end: -.6rem; display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: 10px; cursor: pointer; list-style: none; }
.more > summary:hover, .fold > summary:hover { background: var(--tint); }
summary::-webkit-details-marker { display: none; }
.more > .about { padding: 0 0 .9rem; padding-inline-start: 4.375rem; margin-block-start: -.35rem; }
.about > * + * { margin-block-start: .5rem; }
.about p, .about li { font-size: .9375rem; line-height: 1.5; color: var(--quiet); }
.about .facts { color: var(--ink); }
.about ul:not(.links) li { padding-inline-start: .75rem; border-inline-start: 2px solid var(--line); }
.always { width: 1.375rem; height: 1.375rem; margin-block-start: .1rem; border-radius: 4px; background: var(--tint); color: var(--accent); font-size: .9375rem; font-weight: 700; line-height: 1.375rem; text-align: center; }
.within { margin-inline-start: 2.1rem; border-inline-start: 2px solid var(--line); padding-inline-start: .9rem; margin-block-end: .5rem; }
.within .row { padding-block: .4rem; }
.within label { font-weight: 500; }
/* What a ticked permission brings with it is no choice of its own; where this is not understood, the page says so when unfolded. */
li:has(> .row > input:checked) > .within > li > .row > input, .within > li:has(> .row > input:checked) ~ li > .row > input { display: none; }
li:has(> .row > input:checked) > .within > li > .row::before, .within > li:has(> .row > input:checked) ~ li > .row::before { content: "✓"; width: 1.375rem; text-align: center; font-weight: 700; color: var(--quiet); }
li:has(> .row > input:checked) > .within > li > .row .included, .within > li:has(> .row > input:checked) ~ li > .row .included { display: block; }
.fold > summary { display: flex; align-items: center; gap: .75rem; min-height: 3.25rem; padding: .4rem .5rem; margin-inline: -.5rem; border-radius: 10px; cursor: pointer; list-style: none; }
.fold-title { flex: 1; min-width: 0; display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .6rem; line-height: 1.4; }
.names b { font-weight: inherit; }
.fold-title .quiet { font-size: .875rem; }
.high { color: var(--care); font-weight: 600; }
.fold .permissions { padding-inline-start: .25rem; }
.fold > .about { padding-block-end: 1rem; }
.approval .card > h2 { padding-block-start: .75rem; }
.approval .card > .plain-list, .approval .card > p, .approval .card > h3 { margin-block-start: .4rem; }
.approval .card > :last-child:not(details, fieldset, ul.permissions, summary, .lasts) { margin-block-end: .9rem; }
.approval .plain-list { font-size: .9375rem; }`;

/** Both answers stay in sight: what has focus above them is scrolled out from behind (WCAG 2.2 §2.4.11). */
const answer = html`
.lasting { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr)); gap: .6rem; padding-block-end: 1rem !important; }
.lasting legend, .lasting > p { grid-column: 1 / -1; }
.lasting.card > * { margin: 0; }
.lasts { position: relative; display: flex; gap: .75rem; padding: .6rem .75rem; border: 1px solid var(--line); border-radius: 10px; line-height: 1.4; }
.lasts .quiet { font-size: .875rem; line-height: 1.4; }
.lasts:has(:checked) { border-color: var(--accent); background: var(--tint); }
.decision { z-index: 2; margin-inline: -1.25rem; padding: .6rem 1.25rem .9rem; background: var(--ground); border-block-start: 1px solid var(--line); }
.decision p { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; margin-block-end: .5rem; color: var(--quiet); font-size: .875rem; line-height: 1.4; }
.decision p b { color: var(--ink); }
.decision button { min-height: 3rem; font-size: 1.0625rem; animation: arm .6s; }
@media (min-height: 32em) {
  html:has(.decision) { scroll-padding-block: 1rem 9.5rem; }
  .decision { position: sticky; inset-block-end: 0; padding-block-end: calc(.9rem + env(safe-area-inset-bottom)); }
}
/* Nothing moves, so it holds with reduced motion too; keys are not held up, and without animations nothing is. */
@keyframes arm { from, to { pointer-events: none; } }
@keyframes arm-again { from, to { pointer-events: none; } }
@media (hover: hover) { html:hover .decision button { animation-name: arm-again; } }
@media (max-width: 30rem) {
  .asker { gap: .75rem; }
  .asker h1 { font-size: 1.25rem; }
  .approval .warning, .approval .notice { font-size: .875rem; line-height: 1.45; padding: .6rem .875rem; }
  .approval .warning .facts { display: block; }
  .warning .facts div { display: flex; flex-wrap: wrap; column-gap: .5rem; }
  .warning .facts dt, .warning .facts dd { font-size: inherit; }
  .asker .tile { width: 2.75rem; height: 2.75rem; font-size: 1.125rem; border-radius: 12px; }
  .approval > * + *, .answering > .card, .answering > .decision { margin-block-start: .75rem; }
  .approval .card { padding: .1rem min(1rem, 5vw); }
  .whom { border-radius: 12px; padding: .2rem .25rem .2rem .75rem; }
  .whom .initial { display: none; }
  .whom p { display: block; font-size: .875rem; }
  .whom b, .whom .quiet { display: block; font-size: inherit; }
  .whom .link { max-width: 8.5rem; font-size: .875rem; line-height: 1.25; }
  .row { gap: .6rem; padding-block: .55rem; padding-inline-end: 2.25rem; font-size: 1rem; }
  .row .icon { width: 1.375rem; height: 1.375rem; }
  .row .title { line-height: 1.35; }
  .fold-title { font-size: 1rem; }
  .asks legend { padding-block-start: .5rem; }
  .decision p { font-size: .8125rem; }
  .more > .about { padding-inline-start: 2.1rem; }
  .decision { margin-inline: calc(-1 * min(1rem, 5vw)); padding-inline: min(1rem, 5vw); }
  .within { margin-inline-start: .6rem; }
}`;

/**
 * The two answers take no click in the first moment after the page opens, nor after the pointer comes upon it: another
 * site could slip the page under the second click of a double click (RFC 9700 §4.16).
 */
export const approvalStyles = html`${who}${what}${answer}`;
