import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Html, html, render } from '../../src/pages/html.ts';

describe('the html template', () => {
  test.each([
    ['"><script>alert(1)</script>', '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
    ["'-alert(1)-'", '&#39;-alert(1)-&#39;'],
    ['&#x6a;avascript:', '&amp;#x6a;avascript:'],
    ['{{7*7}}', '{{7*7}}'],
  ])('escapes %s in text and in attributes', (hostile, escaped) => {
    expect(render(html`<p title="${hostile}">${hostile}</p>`)).toBe(`<p title="${escaped}">${escaped}</p>`);
  });

  test('inserts markup of other templates as it is and joins arrays', () => {
    const items = ['a', 'b<'].map((item) => html`<li>${item}</li>`);
    expect(render(html`<ul>${items}</ul>${1}${['x', ['&']]}`)).toBe('<ul><li>a</li><li>b&lt;</li></ul>1x&amp;');
  });

  test('leaves nothing for undefined and false, and shows zero', () => {
    expect(render(html`[${undefined}${false}${0}]`)).toBe('[0]');
  });

  test('refuses an attribute value without quotes', () => {
    expect(() => html`<a href=${'x'}></a>`).toThrow('needs quotes');
    expect(() => html`<a href= ${'x'}></a>`).toThrow('needs quotes');
  });

  test('does not mistake a value that ends with an equals sign for an attribute', () => {
    expect(render(html`<p>${'a='}${'b='}</p>`)).toBe('<p>a=b=</p>');
  });

  test('takes no string or look-alike object for markup', () => {
    expectTypeOf<string>().not.toExtend<Html>();
    expectTypeOf<{ markup: string }>().not.toExtend<Html>();
  });
});
