/**
 * An organisation's colour on its pages. The band across the top has it as it is; links, buttons and what else is read in it have
 * the nearest shade that is read well (WCAG 2.2 §1.4.3: 4.5:1; §1.4.11: 3:1) on whatever lies below, in the light as in the dark.
 */
import { type Html, html } from './html.ts';

/** Red, green, blue, 0 to 255. */
type Colour = readonly [number, number, number];

const black: Colour = [0, 0, 0];
const white: Colour = [255, 255, 255];

/** What colours of `styles.ts` the accent lies on. */
const below = {
  light: { ground: [245, 244, 239], surface: white },
  dark: { ground: [15, 20, 18], surface: [24, 30, 27] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Colour>>>>;

const readable = 4.5;
/** A band of that colour does not glare in the dark. */
const subdued = 9;

const parsed = (hex: string): Colour => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

const hexOf = (colour: Colour): string => `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** `share` of the other one, 0 to 1. */
const mixed = (one: Colour, other: Colour, share: number): Colour => {
  const part = (index: 0 | 1 | 2): number => Math.round(one[index] + (other[index] - one[index]) * share);
  return [part(0), part(1), part(2)];
};

/** WCAG 2.2, relative luminance. */
const luminanceOf = (colour: Colour): number => {
  const linear = (part: number): number =>
    part <= 0.04045 * 255 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
};

/** WCAG 2.2, contrast ratio: 1 to 21. */
const contrastOf = (one: Colour, other: Colour): number => {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

const steps = 50;

/** The colour, with as little of `target` as it takes. */
const towards = (colour: Colour, target: Colour, isEnough: (shade: Colour) => boolean): Colour => {
  for (let step = 0; step < steps; step++) {
    const shade = mixed(colour, target, step / steps);
    if (isEnough(shade)) return shade;
  }
  return target;
};

const readOn =
  (...grounds: readonly Colour[]) =>
  (colour: Colour): boolean =>
    grounds.every((ground) => contrastOf(colour, ground) >= readable);

const onLight = (brand: Colour): Readonly<Record<string, Colour>> => {
  const tint = mixed(brand, white, 0.92);
  const accent = towards(brand, black, readOn(below.light.ground, below.light.surface, tint));
  const onBand = contrastOf(brand, white) >= readable ? white : black;
  return {
    ...{ accent, 'accent-hover': mixed(accent, black, 0.2), 'on-accent': white, tint },
    ...{ band: brand, 'on-band': onBand, 'band-quiet': onBand },
    'band-field': mixed(brand, onBand === white ? black : white, 0.25),
  };
};

const onDark = (brand: Colour): Readonly<Record<string, Colour>> => {
  const tint = mixed(brand, below.dark.surface, 0.85);
  const accent = towards(brand, white, readOn(below.dark.ground, below.dark.surface, tint));
  const band = towards(brand, black, (shade) => contrastOf(shade, white) >= subdued);
  return {
    ...{ accent, 'accent-hover': mixed(accent, white, 0.3), 'on-accent': black, tint },
    ...{ band, 'on-band': white, 'band-quiet': white, 'band-field': mixed(band, black, 0.3) },
  };
};

const inHex = (colours: Readonly<Record<string, Colour>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(colours).map(([name, colour]) => [name, hexOf(colour)]));

/** Colours by the names of `styles.ts`, for a colour that is written `#rrggbb`. */
export const brandColours = (accent: string) => ({
  light: inHex(onLight(parsed(accent))),
  dark: inHex(onDark(parsed(accent))),
});

const properties = (colours: Readonly<Record<string, string>>): Html =>
  html`${Object.entries(colours).map(([name, colour]) => html`--${name}: ${colour}; `)}`;

const made = new Map<string, Html>();

/** The style that lays the colour over those of `styles.ts`. */
export const brandStyles = (accent: string): Html => {
  const before = made.get(accent);
  if (before !== undefined) return before;
  const { light, dark } = brandColours(accent);
  const style = html`
:root { ${properties(light)}}
@media (prefers-color-scheme: dark) { :root { ${properties(dark)}} }
`;
  made.set(accent, style);
  return style;
};
