/** Forms that people fill in. */
import { html } from './html.ts';

export const formStyles = html`
.sheet > .ways { margin-top: 1.5rem; }
.field { margin-top: 1.1rem; }
/* A margin would go into the float before it. */
.card > legend + .field { padding-top: .75rem; }
.field label { display: block; font-weight: 620; }
.field label .quiet { font-weight: 400; }
.field p + input { margin-top: .35rem; }
.field input, .field select { width: 100%; min-height: 2.875rem; margin-top: .35rem; padding: .5rem .8rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: var(--ink); font: inherit; }
.field input[type=file] { padding-block: .6rem; }
.field [aria-invalid] { border-color: var(--care); border-width: 2px; }
.problem { margin-top: .35rem; color: var(--care); font-weight: 550; }
.choice { display: grid; grid-template-columns: auto 1fr; gap: .9rem; padding-block: .6rem; }
.choice.card { padding: 1.5rem; }
.choice > * + * { margin-top: 0; }
.choice input { width: 1.375rem; height: 1.375rem; margin: .15rem 0 0; accent-color: var(--accent); }
.choice label { font-weight: 620; }
.area { padding-block: .35rem; border-top: 1px solid var(--line); }
.area summary { padding-block: .65rem; font-weight: 600; cursor: pointer; }
.once summary { display: inline-block; padding-block: .6rem; color: var(--care); font-weight: 600; cursor: pointer; }
.once > * + * { margin-top: .75rem; }
.copy { display: block; margin-top: .5rem; padding: .6rem .8rem; border-radius: 8px; background: var(--surface); color: var(--ink); user-select: all; }
.way { margin-top: 1.5rem; }`;
