/** Colours of services without a picture: a letter is read on each of them, in the light as in the dark (WCAG 2.2 §1.4.6). */
import { html } from './html.ts';

/** Light, dark: one turn of the hue at one lightness (OKLCH), so that none looks weightier than another. */
export const tileColours = [
  ['#8c3432', '#f8a49d'],
  ['#893a0e', '#f4a988'],
  ['#774a03', '#e7b375'],
  ['#595905', '#c1c476'],
  ['#2b641d', '#9bce90'],
  ['#086548', '#7cd2ae'],
  ['#06625f', '#67d2cc'],
  ['#065f74', '#6ccdea'],
  ['#0e5794', '#8cc3fc'],
  ['#4a4b96', '#b1b7fd'],
  ['#6a3f86', '#d2acee'],
  ['#823564', '#eda4cc'],
] as const;

/** What is written on them. */
const onTile = { light: '#ffffff', dark: '#0f1412' } as const;

const rule = (index: number, colour: string) => html`
.tile-${index} { --tile: ${colour}; }`;

export const tileStyles = html`
.tile { border-radius: 12px; background: var(--tile, var(--accent)); color: ${onTile.light}; }
.picture { padding: 0; background: #fff; border-color: var(--line); object-fit: contain; }${tileColours.map(([light], index) => rule(index, light))}
@media (prefers-color-scheme: dark) {
.tile { color: ${onTile.dark}; }${tileColours.map(([, dark], index) => rule(index, dark))}
}`;
