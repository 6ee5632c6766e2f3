/** Français. */

import { account } from './fr/account.ts';
import { approval } from './fr/approval.ts';
import { apps } from './fr/apps.ts';
import { authorizations } from './fr/authorizations.ts';
import catalogue from './fr/catalogue.json' with { type: 'json' };
import { common } from './fr/common.ts';
import { device } from './fr/device.ts';
import { history } from './fr/history.ts';
import { home } from './fr/home.ts';
import { mail } from './fr/mail.ts';
import { operatorApproval } from './fr/operator-approval.ts';
import { refusals } from './fr/refusals.ts';
import { signOut } from './fr/sign-out.ts';
import type { Words } from './words.ts';

export const words: Words = {
  language: 'fr',
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
