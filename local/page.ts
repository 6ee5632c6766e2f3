/** One plain page layout for everything local that a person sees: system font, light and dark, no script. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const style = `
  :root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3b4048); --soft: light-dark(#5a6270, #a4acb9); --brand: light-dark(#0b5cad, #6cb2ff); --card: light-dark(#fff, #1e2126); }
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: light-dark(#f6f7f9, #16181c); color: light-dark(#1b1f26, #e8eaee); }
  header { padding: .9rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--card); font-weight: 600; }
  main { max-width: 34rem; margin: 2.5rem auto; padding: 0 1.25rem; }
  h1 { font-size: 1.5rem; line-height: 1.2; }
  label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem .6rem; border: 1px solid var(--line); border-radius: .4rem; }
  button, a.button { font: inherit; display: inline-block; margin: 1.25rem .5rem 0 0; padding: .5rem 1.1rem; border: 1px solid var(--brand); border-radius: .4rem; background: var(--brand); color: light-dark(#fff, #10141a); text-decoration: none; cursor: pointer; }
  button.quiet { background: none; color: var(--brand); }
  form { margin: 0; } form.inline { display: inline; }
  ul { padding: 0; list-style: none; }
  li { display: flex; align-items: center; justify-content: space-between; gap: 1rem; margin-bottom: .6rem; padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
  .state { flex: none; padding: .05rem .6rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .85rem; }
  h2 { margin-top: 2.25rem; font-size: 1.15rem; }
  dl { padding: .9rem 1rem .3rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
  dt { color: var(--soft); font-size: .9rem; } dd { margin: 0 0 .6rem; overflow-wrap: anywhere; }
  [role=alert], [role=status] { padding: .6rem .9rem; border-left: .3rem solid var(--brand); background: light-dark(#e9f1fa, #1f2833); }
  .soft { color: var(--soft); }`;

export type Page = {
  readonly owner: string;
  readonly title: string /** HTML; every value in it escaped. */;
  readonly body: string;
};

export const renderPage = ({ owner, title, body }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)} – ${escapeHtml(owner)}</title>
<style>${style}</style>
</head>
<body>
<header>${escapeHtml(owner)}</header>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
