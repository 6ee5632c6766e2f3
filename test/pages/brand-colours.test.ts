/** An organisation's colour, whatever it is, is read well wherever it is written in or on (WCAG 2.2 §1.4.3, §1.4.11). */
import { describe, expect, it } from 'vitest';
import { brandColours, brandStyles } from '../../src/pages/brand-colours.ts';
import { render } from '../../src/pages/html.ts';
import { styles } from '../../src/pages/styles.ts';

const luminanceOf = (hex: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrastOf = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

const [lightRules = '', darkRules = ''] = render(styles).split('@media (prefers-color-scheme: dark)');
const declared = (rules: string, name: string): string => {
  const [, colour = ''] = new RegExp(`--${name}: (#[0-9a-f]+);`).exec(rules) ?? [];
  return colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join('')}` : colour;
};

/** What is written in which colour on which, by the names of the style sheet. */
const written = [
  ['accent', 'ground'],
  ['accent', 'surface'],
  ['accent', 'tint'],
  ['ink', 'tint'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-band', 'band'],
  ['on-band', 'band-field'],
  ['band-quiet', 'band'],
] as const;

const parts = ['00', '40', '80', 'c0', 'ff'];
const grid = parts.flatMap((red) => parts.flatMap((green) => parts.map((blue) => `#${red}${green}${blue}`)));
const awkward = ['#767676', '#777777', '#0f1412', '#f5f4ef', '#ffcc00', '#0078d4'];

const faint = (accent: string): readonly string[] => {
  const { light, dark } = brandColours(accent);
  const schemes = [
    ['light', lightRules, light],
    ['dark', darkRules, dark],
  ] as const;
  return schemes.flatMap(([scheme, rules, colours]) => {
    const colour = (name: string) => colours[name] ?? declared(rules, name);
    return written
      .filter(([text, ground]) => contrastOf(colour(text), colour(ground)) < 4.5)
      .map(([text, ground]) => `${accent} ${scheme}: ${text} on ${ground}`);
  });
};

describe("an organisation's colour", () => {
  it('has text of at least 4.5:1 on it, and is as readable on the page, in both schemes', () => {
    expect([...grid, ...awkward].flatMap(faint)).toEqual([]);
  });

  it('is on the band across the top as it was given', () => {
    for (const accent of [...grid, ...awkward]) expect(brandColours(accent).light.band).toBe(accent);
  });

  it('stays as it is where it is read well', () => {
    expect(brandColours('#0b5c47').light.accent).toBe('#0b5c47');
    expect(brandColours('#74d3b1').dark.accent).toBe('#74d3b1');
  });

  it('replaces colours that the style sheet has, in both schemes, and no others', () => {
    const names = [...render(brandStyles('#0078d4')).matchAll(/--([a-z-]+):/g)].map(([, name]) => name ?? '');
    expect(names).toHaveLength(16);
    for (const name of names) expect([name, declared(lightRules, name)]).not.toEqual([name, '']);
  });
});
