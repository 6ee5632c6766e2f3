/** Español. */

import { account } from './es/account.ts';
import { approval } from './es/approval.ts';
import { apps } from './es/apps.ts';
import { authorizations } from './es/authorizations.ts';
import catalogue from './es/catalogue.json' with { type: 'json' };
import { common } from './es/common.ts';
import { device } from './es/device.ts';
import { history } from './es/history.ts';
import { home } from './es/home.ts';
import { mail } from './es/mail.ts';
import { operatorApproval } from './es/operator-approval.ts';
import { refusals } from './es/refusals.ts';
import { signOut } from './es/sign-out.ts';
import type { Words } from './words.ts';

export const words: Words = {
  language: 'es',
  direction: 'ltr',
  approval,
  apps,
  catalogue,
  common,
  home,
  mail,
  device,
  operatorApproval,
  signOut,
  history,
  authorizations,
  account,
  refusals,
};
