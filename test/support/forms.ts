/** Reads forms out of HTML, as far as Assent's and the provider's pages need it. */

type Field = { readonly name: string; readonly value: string; readonly type: string; readonly checked: boolean };

export type Form = {
  readonly action: string;
  readonly method: string;
  /** Inputs, areas of text and buttons in the page's order. */
  readonly fields: readonly Field[];
};

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

export const decodeEntities = (text: string): string =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return decimal !== undefined ? String.fromCodePoint(Number(decimal)) : (named[name ?? ''] ?? whole);
  });

const attributesOf = (tag: string): ReadonlyMap<string, string> =>
  new Map(
    [...tag.matchAll(/\s([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)].map(
      ([, name = '', double, single, bare]) => [name.toLowerCase(), decodeEntities(double ?? single ?? bare ?? '')],
    ),
  );

const fieldOf = (tag: string): Field | undefined => {
  const attributes = attributesOf(tag);
  const name = attributes.get('name');
  if (name === undefined || attributes.has('disabled')) return undefined;
  const type = /^<button/i.test(tag) ? 'submit' : (attributes.get('type') ?? 'text').toLowerCase();
  const ticked = type === 'checkbox' || type === 'radio';
  return { name, type, value: attributes.get('value') ?? (ticked ? 'on' : ''), checked: attributes.has('checked') };
};

/** A line break right behind the tag is not of the text, and browsers send each as two characters. */
const areaOf = (tag: string, content: string): Field | undefined => {
  const field = fieldOf(tag);
  const text = decodeEntities(content.replace(/^\n/, '')).replace(/\r?\n/g, '\r\n');
  return field && { ...field, type: 'textarea', value: text };
};

/** Every form of the page. */
export const formsIn = (html: string): readonly Form[] =>
  [...html.matchAll(/(<form\b[^>]*>)(.*?)<\/form>/gis)].map(([, tag = '', content = '']) => {
    const attributes = attributesOf(tag);
    const fields = [...content.matchAll(/<(?:input|button)\b[^>]*>|(<textarea\b[^>]*>)(.*?)<\/textarea>/gis)].map(
      ([field, area, text = '']) => (area === undefined ? fieldOf(field) : areaOf(area, text)),
    );
    return {
      action: attributes.get('action') ?? '',
      method: (attributes.get('method') ?? 'get').toUpperCase(),
      fields: fields.filter((field) => field !== undefined),
    };
  });

/** What a browser would send if nobody touched the form, without any button. */
export const untouched = (form: Form): URLSearchParams =>
  new URLSearchParams(
    form.fields
      .filter(({ type, checked }) => type !== 'submit' && (checked || !['checkbox', 'radio'].includes(type)))
      .map(({ name, value }): [string, string] => [name, value]),
  );
