/** 日本語. */

import { account } from './ja/account.ts';
import { approval } from './ja/approval.ts';
import { apps } from './ja/apps.ts';
import { authorizations } from './ja/authorizations.ts';
import catalogue from './ja/catalogue.json' with { type: 'json' };
import { common } from './ja/common.ts';
import { device } from './ja/device.ts';
import { history } from './ja/history.ts';
import { home } from './ja/home.ts';
import { mail } from './ja/mail.ts';
import { operatorApproval } from './ja/operator-approval.ts';
import { refusals } from './ja/refusals.ts';
import { signOut } from './ja/sign-out.ts';
import type { Words } from './words.ts';

export const words: Words = {
  language: 'ja',
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
