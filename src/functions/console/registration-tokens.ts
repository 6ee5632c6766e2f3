/** GET, POST /console/services/tokens: initial access tokens (RFC 7591 §1.2): made, shown with what is left, and withdrawn. */
import type { Story } from '../../http/endpoint.ts';
import { page, type Reply, redirect } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import {
  type MadeToken,
  madeTokenPage,
  type TokenView,
  tokensHref,
  tokensPage,
} from '../../pages/console/registration-tokens.ts';
import { answerOf, call } from './call.ts';
import { chosen } from './chosen.ts';
import { consolePage, consoleSite, type Visit } from './visit.ts';

type Listed = { readonly tokens: readonly TokenView[]; readonly next?: string };

const daySeconds = 86_400;

export const registrationTokens: Story = consolePage(
  async (visit, refused) => {
    const query = parseParameters(visit.request.query);
    const said = { query: { after: query.get('after'), limit: 25 } };
    const [site, listed] = await Promise.all([
      consoleSite(visit),
      answerOf<Listed>('listRegistrationTokens', said, visit),
    ]);
    const typed = { uses: refused?.form.get('uses') ?? '1', days: refused?.form.get('days') ?? '1' };
    const withdrawn = query.get('done') === 'withdrawn';
    const { mode } = visit.server.config.registration;
    return tokensPage({ ...site, ...listed, typed, withdrawn, mode, problem: refused?.problem });
  },
  async (visit, form) => {
    const act = chosen(acts, form.get('do'));
    if (act === undefined) throw new OAuthError('operation_malformed', 'say what is to be done');
    return act(form, visit);
  },
);

const acts: Readonly<Record<string, (form: Parameters, visit: Visit) => Promise<Reply>>> = {
  issue: async (form, visit) => {
    const body = { uses: wholeIn(form, 'uses'), expires_in: wholeIn(form, 'days') * daySeconds };
    const made = await answerOf<MadeToken>('issueRegistrationToken', { body }, visit);
    return page(madeTokenPage(await consoleSite(visit), made));
  },
  withdraw: async (form, visit) => {
    await call('withdrawRegistrationToken', { path: { id: form.get('id') ?? '' } }, visit);
    return redirect(`${tokensHref}?done=withdrawn`);
  },
};

const wholeIn = (form: Parameters, name: string): number => {
  const text = form.get(name) ?? '';
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new OAuthError('operation_malformed', `${name}: write a whole number, 1 or more`);
  return Number(text);
};
