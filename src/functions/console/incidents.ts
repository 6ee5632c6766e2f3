/** GET, POST /console/incidents: voiding what was issued. */
import type { Story } from '../../http/endpoint.ts';
import { page } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { incidentsPage } from '../../pages/console/incidents.ts';
import { answerOf } from './call.ts';
import { consolePage, consoleSite } from './visit.ts';

type Voided = { readonly not_before: number; readonly found: boolean };

const bodyIn = (form: Parameters) => {
  const name = form.get('name');
  switch (form.get('kind')) {
    case 'client_id':
      return { client_id: name };
    case 'subject':
      return { subject: name };
    case 'everyone':
      if (form.get('sure') === 'yes') return { everyone: true };
      throw new OAuthError('operation_malformed', 'tick the box: it concerns everybody');
    default:
      throw new OAuthError('operation_malformed', 'say what is to be void');
  }
};

const typedIn = (form: Parameters) => {
  const name = form.get('name') ?? '';
  return form.get('kind') === 'subject' ? { clientId: '', subject: name } : { clientId: name, subject: '' };
};

export const incidents: Story = consolePage(
  async (visit, refused) =>
    incidentsPage({
      ...(await consoleSite(visit)),
      problem: refused?.problem,
      typed: refused && typedIn(refused.form),
    }),
  async (visit, form) => {
    const { not_before: notBefore, found } = await answerOf<Voided>('voidIssued', { body: bodyIn(form) }, visit);
    return page(incidentsPage({ ...(await consoleSite(visit)), done: { notBefore, found } }));
  },
);
