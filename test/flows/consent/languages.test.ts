/** The approval page in the person's language: the catalogue's words, those of operators, and those of the service. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalPageOf } from '../../support/approval.ts';
import { codesOf, enterCode, registerDevice } from '../../support/devices.ts';
import { untouched } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import { approvalForm, type Person } from '../../support/person.ts';
import { register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const payroll = 'https://payroll.contoso.example';
const resources = [
  { identifier: 'https://boards.contoso.example', name: 'Contoso Boards Data', 'name#de': 'Contoso-Planungsdaten' },
  {
    identifier: payroll,
    name: 'Contoso Payroll',
    'name#de': 'Contoso-Gehälter',
    permissions: [
      {
        id: 'pay.read',
        category: 'Pay',
        name: 'See salaries',
        'name#de': 'Gehälter sehen',
        'description#DE': 'Was alle verdienen.',
        description: 'What everybody earns.',
      },
    ],
  },
];

let stack: Stack;
let alice: Person;
let service: Service;

beforeAll(async () => {
  stack = await startStack({ settings: { RESOURCES: JSON.stringify(resources) } });
  alice = await signedInAt(stack);
  service = await register(stack.issuer, {
    client_name: 'Fabrikam Reports',
    'client_name#de': 'Fabrikam-Berichte',
    organization_name: 'Fabrikam',
    'organization_name#de': 'Fabrikam Deutschland',
    description: 'Draws charts.',
    'description#de-CH': 'Zeichnet Diagramme.',
    client_uri: 'https://fabrikam.example/',
    'client_uri#de': 'https://fabrikam.example/de',
    scope: 'vso.work pay.read',
  });
});

afterAll(() => stack.stop());

const pageIn = async (language: string, resource: string, scope: string) =>
  approvalPageOf(alice, service.authorization({ ui_locales: language, resource, scope, prompt: 'consent' }).url);

describe('the approval page', () => {
  it('is in the language that the service names, and so are the words of the catalogue', async () => {
    const titles = {
      de: 'Ihre Arbeitselemente sehen',
      fr: 'Voir vos éléments de travail',
      es: 'Ver sus elementos de trabajo',
      ja: '作業項目の表示',
      ar: 'الاطلاع على بنود عملك',
    };
    for (const [language, title] of Object.entries(titles)) {
      const { html } = await pageIn(language, 'https://boards.contoso.example', 'vso.work');
      expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
      expect(html).toContain(title);
      expect(html).not.toContain('See your work items');
    }
  });

  it('says in that language what operators and the service have said in it (RFC 7591 §2.2)', async () => {
    const { html } = await pageIn('de', payroll, 'pay.read');
    for (const words of [
      'Fabrikam-Berichte',
      'Fabrikam Deutschland',
      'Zeichnet Diagramme.',
      'https://fabrikam.example/de',
      'Contoso-Gehälter',
      'Gehälter sehen',
      'Was alle verdienen.',
    ])
      expect(html).toContain(words);
    expect(html).not.toMatch(/Fabrikam Reports|Draws charts|See salaries/);
  });

  it('says what is not translated as it was said', async () => {
    const { html } = await pageIn('ja', payroll, 'pay.read');
    for (const words of ['Fabrikam Reports', 'Draws charts.', 'Contoso Payroll', 'See salaries'])
      expect(html).toContain(words);
  });

  it('stays in that language when it comes back', async () => {
    const page = await pageIn('de', payroll, 'pay.read');
    const again = await alice.decide(page, { decision: 'approve', permissions: [] });
    expect(again.kind === 'page' && again.html).toContain('Es ist nichts ausgewählt');
  });
});

describe('the page for a device', () => {
  it('is in the language of the browser, to the end', async () => {
    const television = await registerDevice(stack.issuer, { 'client_name#de': 'Wingtip-Fernseher' });
    const { user_code: code } = await codesOf(stack.issuer, television.registration);
    const page = await enterCode(alice, stack.issuer, code);
    const form = approvalForm(page);
    if (form === undefined) throw new Error('no approval page');
    const send = async (decision: string): Promise<string> => {
      const body = untouched(form);
      body.append('decision', decision);
      const headers = { origin: stack.issuer, 'sec-fetch-site': 'same-origin', 'accept-language': 'de' };
      return (await alice.send(`${stack.issuer}/device/decision`, { method: 'POST', body, headers })).text();
    };
    const again = await send('tick');
    expect(again).toContain('Darf <bdi>Wingtip-Fernseher</bdi> für Sie handeln?');
    expect(again).toContain('Ihre Arbeitselemente sehen');
    expect(await send('deny')).toContain('Wingtip-Fernseher');
  });
});
