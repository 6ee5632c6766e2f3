/**
 * The one style sheet, inline in every page: the Content-Security-Policy allows it by its hash and nothing else, so no
 * element may carry a style attribute. One accent colour; the amber tone is kept for what needs care, always with words.
 */
import { html } from './html.ts';
import { approvalStyles } from './styles-approval.ts';
import { formStyles } from './styles-forms.ts';
import { managingStyles } from './styles-managing.ts';
import { tileStyles } from './styles-tiles.ts';

const colours = html`
:root {
  color-scheme: light dark;
  --ground: #f5f4ef; --surface: #fff; --ink: #18211d; --quiet: #566059; --line: #dedfd6; --edge: #838c85;
  --accent: #0b5c47; --accent-hover: #084836; --on-accent: #fff; --tint: #e8f2ed;
  --band: #0b3d31; --on-band: #fff; --band-quiet: #bcd6cc; --band-field: #082e25;
  --care: #86370a; --care-tint: #fdf2e4; --care-line: #e9c08d;
  --shadow: 0 1px 2px rgb(24 33 29 / 5%), 0 6px 20px -10px rgb(24 33 29 / 14%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1412; --surface: #181e1b; --ink: #e7ece9; --quiet: #a4b0a9; --line: #2c3531; --edge: #76827b;
    --accent: #74d3b1; --accent-hover: #95e2c6; --on-accent: #06261c; --tint: #1b2f28;
    --band: #0a2a22; --on-band: #f0f6f3; --band-quiet: #a9c6bb; --band-field: #061c17;
    --care: #f7bd84; --care-tint: #2b2115; --care-line: #6a4d28;
    --shadow: none;
  }
}`;

const base = html`
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column;
  background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
}
h1, h2, h3, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; }
ul, ol { list-style: none; }
h1 { font-size: clamp(1.75rem, 1.35rem + 1.8vw, 2.25rem); line-height: 1.2; font-weight: 680; letter-spacing: -.022em; text-wrap: pretty; }
h2 { font-size: 1.1875rem; line-height: 1.35; font-weight: 650; letter-spacing: -.008em; }
h3 { font-size: 1.0625rem; line-height: 1.4; font-weight: 650; }
b { font-weight: 620; }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: .06em; }
a:hover { color: var(--accent-hover); text-decoration-thickness: .12em; }
code, .host, .origin b { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
main:focus { outline: none; }
.column { width: 100%; max-width: 43rem; margin-inline: auto; padding-inline: 1.25rem; }
main { flex: 1; padding-block: 2.25rem 1rem; }
.lead { margin-top: .75rem; color: var(--quiet); font-size: 1.125rem; text-wrap: pretty; }
.lead b { color: var(--ink); }
.quiet, .host { color: var(--quiet); }
.quiet { font-size: .9375rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; inset: -10rem auto auto 1rem; z-index: 1; padding: .7rem 1.1rem; background: var(--surface); color: var(--accent); border-radius: 8px; }
.skip:focus { top: .75rem; outline: 3px solid var(--on-band); box-shadow: 0 0 0 7px var(--band); }
@media (prefers-reduced-motion: no-preference) {
  .button, button { transition: background-color .12s, border-color .12s; }
}`;

const shell = html`
.top { background: var(--band); color: var(--on-band); border-bottom: 1px solid transparent; }
.top .column { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .4rem 1.5rem; padding-block: .8rem; }
.brand { display: flex; align-items: center; gap: .7rem; font-size: 1.25rem; font-weight: 650; letter-spacing: -.012em; line-height: 1.25; }
.mark { flex: none; width: 2rem; height: 2rem; }
/* Whatever colours it has, it was drawn for paper. */
.brand-picture { flex: none; height: 2.5rem; width: auto; max-width: 45%; padding: .25rem; border-radius: 8px; background: #fff; object-fit: contain; }
.origin { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .65rem; color: var(--band-quiet); font-size: .875rem; line-height: 1.4; }
.origin b { padding: .2rem .75rem; border-radius: 99px; background: var(--band-field); color: var(--on-band); font-size: .875rem; font-weight: 500; border: 1px solid transparent; }
footer { padding-block: 1.5rem 2.5rem; }
footer nav { display: flex; flex-wrap: wrap; column-gap: 1.75rem; border-top: 1px solid var(--line); padding-top: .75rem; }
footer a { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--quiet); font-size: .9375rem; }
.card { margin-top: 1.25rem; padding: 1.5rem; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow); }
.card > * + *, .error > * + * { margin-top: 1rem; }
.card > h2 + *, .card > legend + * { margin-top: .35rem; }
.card > h2 + ul, .card > h2 + ol { margin-top: .75rem; }
.warning, .notice { margin-top: 1.25rem; padding: 1rem 1.25rem; border-radius: 14px; border: 1px solid; border-inline-start-width: 5px; }
.warning { background: var(--care-tint); border-color: var(--care-line); color: var(--care); }
.notice { background: var(--tint); border-color: var(--accent); font-weight: 550; }
.notice + .lead { margin-top: 1.25rem; }
.account { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; }
.account p { flex: 1 1 9rem; min-width: 0; line-height: 1.4; }
.initial { flex: none; display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: 50%; background: var(--tint); color: var(--accent); font-size: 1.125rem; font-weight: 650; border: 1px solid transparent; overflow: hidden; }
.who { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem; min-width: 0; }
.who > div { flex: 1 1 8rem; min-width: 0; }
.flag, .badge { display: inline-block; padding: .08rem .6rem; border-radius: 99px; border: 1px solid; font-size: .8125rem; line-height: 1.5; font-weight: 600; }
.flag, .doubt { background: var(--care-tint); border-color: var(--care-line); color: var(--care); }
.badge:not(.doubt) { background: var(--tint); border-color: transparent; color: var(--accent); }
.button, button {
  display: inline-flex; align-items: center; justify-content: center; max-width: 100%; min-height: 2.875rem; padding: .55rem min(1.25rem, 5vw);
  border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: var(--ink);
  font: inherit; font-weight: 600; line-height: 1.3; text-decoration: none; overflow-wrap: break-word; cursor: pointer;
}
.button:hover, button:hover { background: var(--tint); color: var(--ink); }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.primary:hover { background: var(--accent-hover); border-color: var(--accent-hover); color: var(--on-accent); }
.plain { font-size: .9375rem; font-weight: 550; padding-inline: 1rem; color: var(--accent); border-color: var(--line); }
.danger { font-size: .9375rem; color: var(--care); border-color: var(--care-line); }
.danger:hover { background: var(--care-tint); color: var(--care); }
/* Words of a button stay whole: where two do not fit beside each other, as with large text, they stand below each other. */
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(8rem, 100%), 1fr)); gap: .875rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(11.5rem, 100%), 1fr)); gap: .75rem 1.25rem; }
.facts dt { color: var(--quiet); font-size: .875rem; }
.facts dd { line-height: 1.45; }
.facts dd, .facts .quiet { font-size: .9375rem; }`;

const parts = html`
.links { display: flex; flex-wrap: wrap; gap: 0 1.25rem; font-size: .9rem; }
.links a { display: inline-flex; align-items: center; min-height: 2.75rem; }
/* A floated legend is laid out like any block, not on the border. */
legend { float: inline-start; width: 100%; padding: 0; }
legend + * { clear: both; }
fieldset { min-inline-size: 0; }
.plain-list { font-size: 1rem; text-wrap: pretty; }
.plain-list li, .steps li { position: relative; padding-inline-start: 1.4rem; }
.plain-list li + li { margin-top: .4rem; }
.steps li + li { margin-top: .6rem; }
.plain-list li::before { content: ""; position: absolute; inset-inline-start: .15rem; top: .62em; width: .45rem; height: .45rem; border-radius: 50%; background: var(--accent); forced-color-adjust: none; }
.steps { counter-reset: step; }
.steps li { counter-increment: step; padding-inline-start: 2.4rem; }
.steps li::before { content: counter(step); position: absolute; inset-inline-start: 0; top: .1rem; width: 1.6rem; height: 1.6rem; border-radius: 50%; background: var(--tint); color: var(--accent); font-size: .875rem; font-weight: 650; line-height: 1.6rem; text-align: center; }
.code { font-family: ui-monospace, monospace; letter-spacing: .08em; white-space: nowrap; }
.code-form label { display: block; margin: 1.25rem 0 .4rem; font-weight: 620; }
.code-form input:not([type=hidden]) { width: 100%; max-width: 16rem; min-height: 3.25rem; padding: .5rem .9rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: var(--ink); font: 600 1.375rem ui-monospace, monospace; letter-spacing: .1em; text-transform: uppercase; }
.code-form input::placeholder { color: var(--quiet); opacity: .6; font-weight: 400; }
.code-form .problem { margin-top: .5rem; color: var(--care); }
.code-form button { display: block; margin-top: 1.25rem; min-height: 3rem; }
section > h2 { margin-top: 2rem; }
.card > h2 { margin-top: 0; }
.card-head { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: 1rem; }
.card-head > .who { flex: 1 1 11rem; }
.card-head form { flex: none; }
.grants-title { font-size: .9375rem; }
.card > .grants { margin-top: .5rem; }
.grants + .grants-title { margin-top: 1rem; }
.grants { display: flex; flex-wrap: wrap; gap: .4rem; }
.grants li { padding: .2rem .7rem; border: 1px solid var(--line); border-radius: 8px; font-size: .9375rem; line-height: 1.5; }
.revoke-all summary { padding-block: .6rem; margin-block: -.6rem; color: var(--care); font-weight: 600; cursor: pointer; }
.history li { padding-block: .75rem; border-top: 1px solid var(--line); }
.history li:first-child { border-top: 0; }
.history li:last-child { padding-bottom: 0; }
.history p { line-height: 1.45; }
.addresses li { padding-block: .3rem; }
pre { margin-top: .6rem; padding: .75rem .9rem; overflow-x: auto; border: 1px solid var(--edge); border-radius: 8px; color: var(--ink); line-height: 1.5; }
.addresses a, .addresses code { display: inline-block; padding-block: .3rem; font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875rem; }
.addresses .quiet { display: block; }
.small h2 { font-size: 1rem; }
.error { padding-block: 1rem; }
.ways { display: flex; flex-wrap: wrap; gap: .875rem; }
@media (max-width: 30rem) {
  main { padding-block-start: 1.1rem; }
  .top .column { padding-block: .6rem; }
  .mark { width: 1.625rem; height: 1.625rem; }
  .brand { font-size: 1.0625rem; }
  .origin { gap: .1rem .5rem; font-size: .8125rem; }
  .origin b { font-size: .8125rem; padding-block: .05rem; }
  .column { padding-inline: min(1rem, 5vw); }
  .card { padding: min(1.125rem, 5vw); }
  .account form { flex: 1 1 100%; }
  .account button { width: 100%; }
}
@media (forced-colors: active) {
  .top, .origin b, .initial, .badge { border-color: CanvasText; }
  .primary { border-width: 3px; }
}`;

/** The content of every page's <style>. */
export const styles = html`${colours}${base}${shell}${tileStyles}${formStyles}${parts}${approvalStyles}${managingStyles}
`;
