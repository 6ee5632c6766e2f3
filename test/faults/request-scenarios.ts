/** What waits for a person, each as a scenario for faults of the storage: pushed requests (RFC 9126) and devices (RFC 8628). */
import { createHash } from 'node:crypto';
import { clientKeyOf } from '../../src/oauth/tokens/locator.ts';
import { type Answer, answerOf } from '../support/answer.ts';
import { codesOf, type DeviceCodes, deviceGrant, enterCode, poll, registerDevice } from '../support/devices.ts';
import { untouched } from '../support/forms.ts';
import { approvalForm, type Page } from '../support/person.ts';
import { pushed } from '../support/pushed.ts';
import type { Service } from '../support/service.ts';
import type { Attempt, Scenario } from './cases.ts';
import type { Lane } from './lanes.ts';

const hexOf = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

const locationOf = ({ headers }: Answer): string => headers.get('location') ?? '';

const answering = (page: Page, decision: string): URLSearchParams => {
  const form = approvalForm(page);
  if (form === undefined) throw new Error(`there is no approval page: ${page.status}`);
  const body = untouched(form);
  body.set('decision', decision);
  return body;
};

const send = ({ person, stack }: Lane, path: string, body: URLSearchParams): Promise<Response> =>
  person.send(`${stack.issuer}${path}`, {
    method: 'POST',
    body,
    headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
  });

const works = async (service: Service, tokens: Answer): Promise<string | undefined> => {
  if (tokens.status !== 200) return `no tokens: ${tokens.status} ${tokens.text}`;
  const next = await answerOf(service.refresh(String(tokens.body.refresh_token)));
  return next.status === 200 ? undefined : `the refresh token was refused: ${next.status} ${next.text}`;
};

/** A code at the client, or the request once more, which then gives one. */
const leadsToACode = (answer: Answer): string | undefined =>
  answer.status === 303 && /^\/authorize\?|[?&]code=/.test(locationOf(answer))
    ? undefined
    : `${answer.status} ${locationOf(answer)}`;

const afterwardsOf =
  ({ person, service, stack }: Lane, verifier: string): Attempt['afterwards'] =>
  async (answer) => {
    const location = new URL(locationOf(answer), stack.issuer);
    const end = location.origin === stack.issuer ? await person.authorize(location) : location;
    const code = end.searchParams.get('code') ?? '';
    return works(service, await answerOf(service.redeem({ code, verifier })));
  };

const markOf = (requestUri: string): string => hexOf(Buffer.from(requestUri.split(':').at(-1) ?? '', 'base64url'));

const silentPushed: Scenario = {
  name: 'a silent answer to a pushed request',
  operations: 5,
  audience: 'people',
  prepare: async (lane) => {
    const request = await pushed(lane.stack.issuer, lane.service, { prompt: 'none' });
    return {
      marks: [markOf(request.requestUri)],
      send: () => lane.person.send(request.url),
      problem: leadsToACode,
      afterwards: afterwardsOf(lane, request.verifier),
    };
  },
};

const approvedPushed: Scenario = {
  name: 'the approval of a pushed request',
  operations: 4,
  isByCopy: true,
  audience: 'people',
  prepare: async (lane) => {
    const request = await pushed(lane.stack.issuer, lane.service, { prompt: 'consent' });
    const page = await lane.person.visit(request.url);
    if (page.kind !== 'page') throw new Error('there is no approval page');
    const body = answering(page, 'approve');
    return {
      marks: [markOf(request.requestUri)],
      send: () => send(lane, '/consent', body),
      problem: leadsToACode,
      afterwards: afterwardsOf(lane, request.verifier),
    };
  },
};

type Device = { readonly service: Service; readonly codes: DeviceCodes; readonly marks: readonly string[] };

const newDevice = async ({ stack }: Lane): Promise<Device> => {
  const service = await registerDevice(stack.issuer);
  const codes = await codesOf(stack.issuer, service.registration);
  const requestId = Buffer.from(codes.device_code.slice('assent_dc_'.length), 'base64url').subarray(0, 16);
  const clientKey = clientKeyOf(service.registration.clientId).toString('hex');
  const own = ['grant', 'family'].map((kind) => `${kind}:${clientKey}`);
  const marks = [hexOf(requestId), hexOf(`user code ${codes.user_code.replace('-', '')}`), ...own];
  return { service, codes, marks };
};

const answeredDevice: Scenario = {
  name: 'the answer to a device',
  operations: 5,
  audience: 'people',
  prepare: async (lane) => {
    const { service, codes, marks } = await newDevice(lane);
    const body = answering(await enterCode(lane.person, lane.stack.issuer, codes.user_code), 'approve');
    return {
      marks,
      send: () => send(lane, '/device/decision', body),
      // A page whose first answer had to be made impossible is shown once more.
      problem: ({ status, text }) => (status === 200 ? undefined : `${status} ${text.slice(0, 400)}`),
      afterwards: async (answer) => {
        if (!answer.text.includes('Go back to your device')) {
          const again = await enterCode(lane.person, lane.stack.issuer, codes.user_code);
          await send(lane, '/device/decision', answering(again, 'approve'));
        }
        return works(service, await answerOf(poll(service, codes)));
      },
    };
  },
};

const deviceTokens: Scenario = {
  name: 'the tokens of a device',
  operations: 3,
  audience: 'services',
  prepare: async (lane) => {
    const { service, codes, marks } = await newDevice(lane);
    const page = await enterCode(lane.person, lane.stack.issuer, codes.user_code);
    await send(lane, '/device/decision', answering(page, 'approve'));
    return {
      marks,
      send: () => service.token({ grant_type: deviceGrant, device_code: codes.device_code }),
      problem: ({ status, text }) => (status === 200 ? undefined : `${status} ${text}`),
      afterwards: (answer) => works(service, answer),
    };
  },
};

export const requestScenarios: readonly Scenario[] = [silentPushed, approvedPushed, answeredDevice, deviceTokens];
