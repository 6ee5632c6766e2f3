/** Initial access tokens: who made each, what is left of it, and making another. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';
import {
  askedOnce,
  type ConsoleSite,
  code,
  consoleLayout,
  dateOf,
  fact,
  formToken,
  forOperators,
  nextPart,
  problemNotice,
} from './frame.ts';
import { listTable } from './table.ts';

/** As the API answers it. */
export type TokenView = {
  readonly id: string;
  readonly issued_by: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly uses_left: number;
};
export type MadeToken = TokenView & { readonly registration_token: string };

export const tokensHref = '/console/services/tokens';

type TokensView = ConsoleSite & {
  readonly tokens: readonly TokenView[];
  readonly next?: string | undefined;
  /** Who may register without a person or an operator: the setting REGISTRATION. */
  readonly mode: 'open' | 'token' | 'off';
  readonly typed: { readonly uses: string; readonly days: string };
  readonly withdrawn: boolean;
  readonly problem?: string | undefined;
};

const modes = {
  open: 'Services register themselves without one here, so nobody needs a token.',
  token: 'Services register themselves here only with one.',
  off: 'No service registers itself here: tokens are worth nothing until the setting REGISTRATION says otherwise.',
} as const;

export const tokensPage = (view: TokensView): Html =>
  consoleLayout(view, {
    area: 'services',
    title: 'Registration tokens',
    main: html`<p class="lead">Whoever has one can register so many services by themselves (RFC 7591). ${modes[view.mode]}</p>
${problemNotice(view.problem)}
${view.withdrawn && view.problem === undefined && html`<p class="notice" role="status">Withdrawn. Nobody registers with it any more.</p>`}
${forOperators(view, issuePart(view))}
<section class="card" aria-labelledby="tokens"><h2 id="tokens">Tokens</h2>
${view.tokens.length === 0 ? html`<p>There are none.</p>` : tokensTable(view)}</section>
${nextPart(tokensHref, {}, view.next)}
<p class="way"><a href="/console/services">The services</a></p>`,
  });

const issuePart = (view: TokensView): Html => html`<form method="post" action="${tokensHref}" class="card">
<h2>Make a token</h2>
${formToken(view)}
<div class="filters">
<div class="field"><label for="uses">Services that may register with it</label><input id="uses" name="uses" value="${view.typed.uses}" inputmode="numeric" maxlength="5" required autocomplete="off"></div>
<div class="field"><label for="days">Days that it lasts</label><input id="days" name="days" value="${view.typed.days}" inputmode="numeric" maxlength="3" required autocomplete="off"></div>
</div>
<p class="way"><button class="primary" name="do" value="issue">Make it</button></p>
</form>`;

const tokensTable = (view: TokensView): Html =>
  listTable({
    caption: 'Initial access tokens',
    heads: ['Token', 'Made', 'By', 'Ends', 'Services left', ...(view.role === 'operator' ? ['Change'] : [])],
    rows: view.tokens.map((one) => [
      code(one.id),
      coarsely(one.created_at, view.now, 'en'),
      cleanText(one.issued_by, 100),
      one.expires_at <= view.now ? html`<span class="badge doubt">Over</span>` : dateOf(one.expires_at),
      one.uses_left === 0 ? 'none' : one.uses_left.toLocaleString('en-GB'),
      ...(view.role === 'operator' ? [withdrawPart(view, one)] : []),
    ]),
  });

const withdrawPart = (view: TokensView, { id, uses_left: left, expires_at: end }: TokenView): Html | string =>
  left === 0 || end <= view.now
    ? ''
    : askedOnce(
        'Withdraw…',
        'Nobody registers with it any more. What was registered with it stays.',
        html`<form method="post" action="${tokensHref}">${formToken(view)}<input type="hidden" name="id" value="${id}"><button class="danger" name="do" value="withdraw">Withdraw<span class="unseen"> ${id}</span></button></form>`,
      );

/** The only page that ever shows a token. */
export const madeTokenPage = (site: ConsoleSite, made: MadeToken): Html =>
  consoleLayout(site, {
    area: 'services',
    title: 'A new registration token',
    main: html`<div class="card"><dl class="facts">${fact('Token', code(made.registration_token))}
${fact('Services left', made.uses_left.toLocaleString('en-GB'))}${fact('Ends', dateOf(made.expires_at))}</dl>
<p class="warning"><b>Copy the token now.</b> It is shown this once, and nobody can read it again.</p>
<p class="ways"><a class="button" href="${tokensHref}">To the tokens</a></p></div>`,
  });
