/**
 * The mail that a person gets about a new authorization. Programs for mail know few styles and make links of what looks like an
 * address: so styles lie on the elements, and a service's name cannot become a link.
 */
import { brandColours } from './brand-colours.ts';
import { instantText } from './dates.ts';
import { type Html, html, render } from './html.ts';
import type { Site } from './layout.ts';
import { cleanText } from './text.ts';

type AuthorizationMail = Site & {
  /** Epoch seconds. */
  readonly at: number;
  readonly accountName: string;
  /** The service's name. */
  readonly service: string;
  /** In words. */
  readonly permissions: readonly string[];
  /** Without a page: operators have approved it for everyone. */
  readonly isForEveryone: boolean;
};

const nameLimit = 60;
const wordJoiner = '\u2060';

/** The same to the eye, and to programs no address (UAX #14: nothing breaks there either). */
const unlinked = (text: string): string => cleanText(text, nameLimit).replace(/[.:/@]/g, `$&${wordJoiner}`);

const ownBand = '#0b3d31';

/** Subject, text, and the same as a document. */
export const authorizationMail = (view: AuthorizationMail) => {
  const { mail } = view.words;
  const service = unlinked(view.service);
  const when = instantText(view.at, view.words.language);
  const account = cleanText(view.accountName);
  const happened = view.isForEveryone ? mail.forEveryone(when) : mail.allowed(account, when);
  const permissions = view.permissions.map((one) => cleanText(one));
  const link = `${view.issuer}/authorizations`;
  const parts = { title: mail.title(service), happened, permissions, link };
  return { subject: mail.title(service), text: textOf(parts, view), html: render(documentOf(parts, view)) };
};

type Parts = {
  readonly title: string;
  readonly happened: string;
  readonly permissions: readonly string[];
  readonly link: string;
};

const textOf = ({ title, happened, permissions, link }: Parts, { brandName, words: { mail } }: Site): string =>
  [
    cleanText(brandName),
    title,
    happened,
    ...(permissions.length > 0 ? [[mail.may, ...permissions.map((one) => `- ${one}`)].join('\n')] : []),
    `${mail.notYou}\n${link}`,
    mail.why,
  ].join('\n\n');

const bandOf = ({ accent }: Site): { readonly band: string; readonly onBand: string } => {
  if (accent === undefined) return { band: ownBand, onBand: '#ffffff' };
  const { band = ownBand, 'on-band': onBand = '#ffffff' } = brandColours(accent).light;
  return { band, onBand };
};

const documentOf = ({ title, happened, permissions, link }: Parts, site: Site): Html => {
  const { mail, common, language, direction } = site.words;
  const { band, onBand } = bandOf(site);
  return html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>
<body style="margin:0;background:#f5f4ef;color:#18211d;font:16px/1.6 system-ui,'Segoe UI',Arial,sans-serif">
<div style="padding:16px 24px;background:${band};color:${onBand};font-size:20px;font-weight:bold">${
    site.logo !== undefined &&
    html`<img src="${site.issuer}/logos/${site.logo}" alt="" height="40" style="height:40px;padding:4px;background:#ffffff;border-radius:8px;vertical-align:middle"> `
  }${cleanText(site.brandName)}</div>
<div style="max-width:36em;padding:24px">
<h1 style="margin:0 0 12px;font-size:24px;line-height:1.3">${title}</h1>
<p style="margin:0 0 16px">${happened}</p>
${
  permissions.length > 0 &&
  html`<p style="margin:0 0 4px">${mail.may}</p>
<ul style="margin:0 0 16px">${permissions.map((one) => html`<li>${one}</li>`)}</ul>`
}
<p style="margin:0 0 8px">${mail.notYou}</p>
<p style="margin:0 0 24px"><a href="${link}" style="color:#0b5c47;font-weight:bold">${common.manage}</a></p>
<p style="margin:0;color:#566059;font-size:14px">${mail.why}</p>
</div>
</body>
</html>
`;
};
