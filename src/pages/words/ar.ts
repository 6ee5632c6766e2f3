/** العربية. */

import { account } from './ar/account.ts';
import { approval } from './ar/approval.ts';
import { apps } from './ar/apps.ts';
import { authorizations } from './ar/authorizations.ts';
import catalogue from './ar/catalogue.json' with { type: 'json' };
import { common } from './ar/common.ts';
import { device } from './ar/device.ts';
import { history } from './ar/history.ts';
import { home } from './ar/home.ts';
import { mail } from './ar/mail.ts';
import { operatorApproval } from './ar/operator-approval.ts';
import { refusals } from './ar/refusals.ts';
import { signOut } from './ar/sign-out.ts';
import type { Words } from './words.ts';

export const words: Words = {
  language: 'ar',
  direction: 'rtl',
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
