/** Small pictures beside words. They say nothing that the words do not, so nobody is told of them. */
import { type Html, html } from './html.ts';

const line = (paths: Html): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><g fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${paths}</g></svg>`;

/** By name: one for each area of the built-in catalogue; an operator's permissions may say which they want (`icon`). */
export const icons = {
  code: line(html`<path d="M8.5 7 3.5 12l5 5M15.5 7l5 5-5 5M13.5 5l-3 14"/>`),
  play: line(html`<circle cx="12" cy="12" r="9"/><path d="M10 8.5v7l5.5-3.5z"/>`),
  list: line(html`<path d="m4 6 1.5 1.5L8.5 4.5M4 12.5 5.5 14l3-3M4 19l1.5 1.5 3-3M12 6h8M12 12.5h8M12 19h8"/>`),
  box: line(html`<path d="m12 3 8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9"/>`),
  people: line(
    html`<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14.5c2.3.8 3.6 2.7 4 5.5"/>`,
  ),
  person: line(html`<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.6-4 3.3-6 7.5-6s6.9 2 7.5 6"/>`),
  bell: line(html`<path d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7zM10 20.5h4"/>`),
  shield: line(html`<path d="M12 3 4.5 6v6c0 4.5 3 7.5 7.5 9 4.5-1.5 7.5-4.5 7.5-9V6zM9 12l2.2 2.2L15.2 10"/>`),
  sliders: line(
    html`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
  ),
  globe: line(
    html`<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9z"/>`,
  ),
  file: line(html`<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 13h6M9 17h6"/>`),
  money: line(
    html`<rect x="3" y="6" width="18" height="12" rx="2"/><circle cx="12" cy="12" r="2.5"/><path d="M6.5 12h.01M17.5 12h.01"/>`,
  ),
  mail: line(html`<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m4 7 8 6 8-6"/>`),
  calendar: line(html`<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8.5 3v4M15.5 3v4"/>`),
  key: line(html`<circle cx="8" cy="15" r="4"/><path d="m11 12 8.5-8.5M16 7l2.5 2.5"/>`),
} as const satisfies Readonly<Record<string, Html>>;

/** The picture of that name; of any other it is a key. */
export const iconOf = (name: string | undefined): Html =>
  name !== undefined && Object.hasOwn(icons, name) ? icons[name as keyof typeof icons] : icons.key;

/** Beside what a person allows already. */
export const allowed = line(html`<circle cx="12" cy="12" r="9"/><path d="m8.5 12.3 2.4 2.4 4.6-5"/>`);

/** Turns when what it stands beside is unfolded. */
export const chevron = html`<svg class="icon chevron" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false"><path d="m7 9.5 5 5 5-5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

const small = (path: Html): Html =>
  html`<svg class="icon small" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false"><g fill="none" stroke="currentColor" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round">${path}</g></svg>`;

/** Beside what was checked, and beside what needs care. */
export const checked = small(
  html`<path d="M12 3 4.5 6v6c0 4.5 3 7.5 7.5 9 4.5-1.5 7.5-4.5 7.5-9V6zM9 12l2.2 2.2L15.2 10"/>`,
);
export const care = small(html`<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1"/>`);
