/** People hear by mail of each new authorization: once, whatever the service of mails does, and whoever dies meanwhile. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { MailFault, SentMail } from '../../../local/mail/mail.ts';
import { pseudonymOf } from '../../support/audit.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { pngOf } from '../../support/pictures.ts';
import { changeRow, deleteRow, storedRows } from '../../support/rows.ts';
import { register, type Service } from '../../support/service.ts';
import { tellDue } from '../../support/sign-out.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const settings = { BRAND_ACCENT: '#ffcc00', BRAND_LOGO: pngOf().toString('base64') };

let stack: Stack;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ mail: true, settings });
  alice = await signedInAt(stack);
});

/** Of this try: no other has services of the same names. */
let round = 0;

beforeEach(() => {
  round += 1;
});

afterEach(() => {
  stack.mail.rule = undefined;
});

afterAll(() => stack.stop());

const patience = { timeout: 60_000 } as const;

const called = (name: string): string => `${round} ${name}`;

const sentAbout = (name: string): readonly SentMail[] =>
  stack.mail.sent.filter(({ subject }) => subject.replaceAll('\u2060', '').includes(called(name)));

const mailAbout = async (name: string): Promise<SentMail> => {
  await expect.poll(() => sentAbout(name).length, patience).toBe(1);
  return sentAbout(name)[0] as SentMail;
};

const waiting = async () => (await storedRows(stack, 'deployment', 'mails')).filter(({ at }) => at !== undefined);

const serviceNamed = (name: string): Promise<Service> => register(stack.issuer, { client_name: called(name) });

const authorize = (service: Service, person = alice, parameters = {}): Promise<unknown> =>
  person.authorize(service.authorization({ scope: 'vso.work vso.code', ...parameters }).url);

/** Lets the timer look again after so long, which is the next one's time. */
const later = async (seconds: number): Promise<void> => {
  await stack.clock.move(seconds);
  await tellDue(stack);
};

describe('a new authorization', () => {
  it('is told by mail: which service, who allowed it, what it may, and where to take it back', async () => {
    const service = await serviceNamed('Fabrikam Planner');
    await authorize(service);
    const mail = await mailAbout('Fabrikam Planner');
    expect(mail).toMatchObject({
      to: 'alice@contoso.example',
      senderAddress: 'no-reply@contoso.example',
      subject: `${called('Fabrikam Planner')} may now act for you`,
    });
    for (const form of [mail.plainText, mail.html]) {
      expect(form).toContain('alice@contoso.example allowed this on ');
      expect(form).toContain(`${stack.issuer}/authorizations`);
      expect(form).toMatch(/code/i);
    }
    expect(mail.html).toMatch(/background:#ffcc00;color:#000000/);
    expect(mail.html).toMatch(new RegExp(`<img src="${stack.issuer}/logos/brand-[0-9a-f]{32}"`));
    expect(await (await fetch(stack.mail.url)).text()).toContain(`${called('Fabrikam Planner')} may now act for you`);
  });

  it('is told again when more is allowed, and not when it is used in silence or refused', async () => {
    const service = await serviceNamed('Tailspin');
    await alice.authorize(service.authorization({ prompt: 'consent' }).url, { decision: 'deny' });
    await authorize(service, alice, { scope: 'vso.work' });
    await mailAbout('Tailspin');
    await authorize(service, alice, { scope: 'vso.work' });
    await authorize(service, alice, { scope: 'vso.work vso.code' });
    await expect.poll(() => sentAbout('Tailspin').length, patience).toBe(2);
    await authorize(await serviceNamed('Afterwards'));
    await mailAbout('Afterwards');
    expect(sentAbout('Tailspin')).toHaveLength(2);
  });

  it('is told in the language that is written down of the person', async () => {
    const bob = await signedInAt(stack, 'bob');
    const profile = { PartitionKey: pseudonymOf(stack, 'bob'), RowKey: 'profile' };
    await changeRow(stack, 'users', { ...profile, mailLanguage: 'ar' });
    await authorize(await serviceNamed('Northwind'), bob);
    const mail = await mailAbout('Northwind');
    expect(mail.subject).toBe(`أصبح بإمكان ${called('Northwind')} التصرّف نيابةً عنك`);
    expect(mail.html).toContain('<html lang="ar" dir="rtl">');
    expect(mail.plainText).toContain('- الاطلاع على بنود عملك');
    expect(mail.plainText).not.toContain('See your work items');
  });

  it('names a service without its markup, its turned text or a link that it would like to have', async () => {
    const name = 'Visit evil.example/<b>now</b>\u202e';
    await authorize(await serviceNamed(name));
    const mail = await mailAbout('Visit evil');
    for (const form of [mail.subject, mail.plainText, mail.html]) {
      expect(form).not.toMatch(/evil\.example|\u202e/);
      expect(form).toContain('evil.\u2060example');
    }
    expect(mail.html).not.toContain('<b>');
  });
});

describe('a mail', () => {
  /** Each test has a day of its own: a person gets so many mails in one. */
  beforeEach(() => stack.clock.move(90_000));

  const failing = async (name: string, fault: MailFault, times = 1): Promise<void> => {
    let left = times;
    stack.mail.rule = ({ kind }) => (kind === 'send' && left-- > 0 ? fault : undefined);
    const before = stack.mail.calls.length;
    await authorize(await serviceNamed(name));
    await expect.poll(() => stack.mail.calls.length, patience).toBeGreaterThan(before);
  };

  it.each([
    ['fails', { status: 500 }],
    ['is away, and whoever stands before it answers', { status: 502, body: '<html>' }],
    ['takes no token', { status: 401 }],
    ['throttles', { status: 429, headers: { 'retry-after': '100' } }],
    ['says it took the mail, and did not', { status: 202, body: '{"id":"1","status":"Running"}' }],
    ['fails after it took the mail', { status: 500, taken: true }],
    ['knows the operation already', { status: 409, taken: true }],
    ['takes the id of a mail that it has for a mistake', { status: 400, taken: true }],
    ['answers with too much', { status: 202, taken: true, body: 'x'.repeat(1_000_000) }],
  ] as const)('is sent once when the service %s', async (what, fault) => {
    await failing(`Once ${what.slice(0, 20)}`, fault);
    await expect
      .poll(async () => {
        await later(130);
        return (await waiting()).length;
      }, patience)
      .toBe(0);
    expect(sentAbout(`Once ${what.slice(0, 20)}`)).toHaveLength(1);
  });

  it('is sent once when the service does not find at first what it took', async () => {
    const missing = { status: 404, headers: { 'x-ms-error-code': 'NotFound' } };
    let [lost, unfound] = [1, 1];
    stack.mail.rule = ({ kind }) => {
      if (kind === 'send') return lost-- > 0 ? { status: 500, taken: true } : undefined;
      return unfound-- > 0 ? missing : undefined;
    };
    await authorize(await serviceNamed('Found late'));
    await expect.poll(() => sentAbout('Found late').length, patience).toBe(1);
    await expect
      .poll(async () => {
        await later(130);
        return (await waiting()).length;
      }, patience)
      .toBe(0);
    expect(sentAbout('Found late')).toHaveLength(1);
  });

  it('is sent once when the process dies while the service hangs, whether it took the mail or not', async () => {
    for (const taken of [true, false]) {
      await failing(`Hangs ${taken}`, { hangs: true, taken });
      await stack.killHost();
      await stack.restartHost();
      await expect
        .poll(async () => {
          await later(130);
          return (await waiting()).length;
        }, patience)
        .toBe(0);
      expect(sentAbout(`Hangs ${taken}`)).toHaveLength(1);
    }
  });

  it('that the service refuses is not sent again', async () => {
    await failing('Refused', { status: 400, headers: { 'x-ms-error-code': 'InvalidSender' } });
    await expect.poll(async () => (await waiting()).length, patience).toBe(0);
    expect(stack.hostOutput()).toMatch(/"event":"mail_not_taken","kind":"refused","reason":"400 InvalidSender"/);
    expect(stack.hostOutput()).not.toContain('"to":"alice@');
  });

  it('is not sent to somebody who was erased before it could be', async () => {
    const person = { PartitionKey: pseudonymOf(stack, 'alice'), RowKey: 'profile' };
    await failing('Erased', { status: 500 });
    await deleteRow(stack, 'users', person);
    await expect
      .poll(async () => {
        await later(130);
        return (await waiting()).length;
      }, patience)
      .toBe(0);
    expect(sentAbout('Erased')).toHaveLength(0);
    alice = await signedInAt(stack);
  });

  it('of which the service tells lies is given up after a day', async () => {
    const lies = ['{', 'null', '{"id":"another","status":"Succeeded"}', `{"status":"${'x'.repeat(100_000)}"}`];
    let lie = 0;
    stack.mail.rule = ({ kind }) =>
      kind === 'send' ? { status: 202 } : { status: 200, body: lies[lie++ % lies.length] ?? '' };
    await authorize(await serviceNamed('Lied about'));
    await expect.poll(async () => (await waiting()).length, patience).toBe(1);
    for (let hour = 0; hour < 4; hour++) await later(3_600);
    expect(await waiting()).toHaveLength(1);
    await later(86_400);
    await expect.poll(async () => (await waiting()).length, patience).toBe(0);
    expect(stack.hostOutput()).toContain('"event":"mail_given_up"');
  });

  it('is one of ten that a person gets in a day at most', async () => {
    const audrey = await signedInAt(stack, 'audrey');
    const before = stack.mail.sent.length;
    const leftOut = () => stack.hostOutput().split('"event":"mail_left_out"').length;
    const leftOutBefore = leftOut();
    for (let count = 0; count < 12; count++) await authorize(await serviceNamed(`Many ${count}`), audrey);
    await expect.poll(() => leftOut() - leftOutBefore, patience).toBe(2);
    await expect.poll(() => stack.mail.sent.length - before, patience).toBe(10);
  });

  it('goes to an address that is kept in one place, and not where no mail is sent', async () => {
    const profile = async () =>
      (await storedRows(stack, 'users', pseudonymOf(stack, 'alice'))).find(({ RowKey }) => RowKey === 'profile');
    expect(await profile()).toMatchObject({ mailAddress: 'alice@contoso.example', mailLanguage: 'en' });
    expect(JSON.stringify(await waiting())).not.toContain('@');
    onTestFinished(async () => {
      await stack.restartHost();
      alice = await signedInAt(stack);
    });
    await stack.restartHost(0, { MAIL_ENDPOINT: '', MAIL_SENDER: '' });
    await signedInAt(stack);
    expect(await profile()).toMatchObject({ mailAddress: '', mailLanguage: '' });
  });
});
