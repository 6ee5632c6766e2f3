/** Deutsch. */

import { account } from './de/account.ts';
import { approval } from './de/approval.ts';
import { apps } from './de/apps.ts';
import { authorizations } from './de/authorizations.ts';
import catalogue from './de/catalogue.json' with { type: 'json' };
import { common } from './de/common.ts';
import { device } from './de/device.ts';
import { history } from './de/history.ts';
import { home } from './de/home.ts';
import { mail } from './de/mail.ts';
import { operatorApproval } from './de/operator-approval.ts';
import { refusals } from './de/refusals.ts';
import { signOut } from './de/sign-out.ts';
import type { Words } from './words.ts';

export const words: Words = {
  language: 'de',
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
