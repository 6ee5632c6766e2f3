/** English. */

import { account } from './en/account.ts';
import { approval } from './en/approval.ts';
import { apps } from './en/apps.ts';
import { authorizations } from './en/authorizations.ts';
import { catalogue } from './en/catalogue.ts';
import { common } from './en/common.ts';
import { device } from './en/device.ts';
import { history } from './en/history.ts';
import { home } from './en/home.ts';
import { mail } from './en/mail.ts';
import { operatorApproval } from './en/operator-approval.ts';
import { refusals } from './en/refusals.ts';
import { signOut } from './en/sign-out.ts';

export const words = {
  language: 'en',
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
} as const;
