/**
 * The only way to make markup. Everything put into a template is escaped for text and for quoted attributes, except
 * markup that another template made. There is no function that declares a string to be markup.
 */

/** The key is not exported, so neither a plain string nor parsed JSON can pass for markup. */
const markup = Symbol('markup');

/** Markup that is safe to send. */
export type Html = {
  readonly [markup]: string;
  /** What a whole page has in its <style> elements: its policy must allow them. */
  readonly styles?: readonly Html[];
};

/** What a template accepts; `undefined` and `false` leave nothing, arrays are joined. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const toMarkup = (value: HtmlValue): string => {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  return isMarkup(value) ? value[markup] : value.map(toMarkup).join('');
};

const isMarkup = (value: Html | readonly HtmlValue[]): value is Html => markup in value;

/** Templates whose attribute values have quotes; each place in the source is one template, however often it is rendered. */
const quoted = new WeakSet<TemplateStringsArray>();

const requireQuotes = (parts: TemplateStringsArray): void => {
  if (quoted.has(parts)) return;
  // Without quotes a space would end the value, and no escaping helps against that.
  if (parts.slice(0, -1).some((part) => part.trimEnd().endsWith('=')))
    throw new Error('an attribute value in a template needs quotes');
  quoted.add(parts);
};

/** Template tag: html`<p title="${title}">${text}</p>`. Throws on an attribute value without quotes. */
export const html = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => {
  requireQuotes(parts);
  let text = parts[0] ?? '';
  for (let index = 0; index < values.length; index++) text += toMarkup(values[index]) + (parts[index + 1] ?? '');
  return { [markup]: text };
};

/** A whole page, which has these in its <style> elements. */
export const withStyles = (page: Html, styles: readonly Html[]): Html => ({ ...page, styles });

/** The text of a page or a part of it. */
export const render = (page: Html): string => page[markup];
