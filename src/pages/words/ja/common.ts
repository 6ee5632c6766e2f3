/** すべてのページに共通の文言。 */
import type { Words } from '../words.ts';

export const common: Words['common'] = {
  skip: '本文へ移動',
  addressBegins: 'ブラウザーのアドレスバーは次で始まっている必要があります',
  thisSite: 'このサイト',
  about: 'このサイトについて',
  manage: '許可の管理',
  signedInAs: 'サインイン中のアカウント',
  signIn: 'サインイン',
  signOut: 'サインアウト',
  startPage: 'スタートページへ',
  tryAgain: 'もう一度試す',
  continue: '続ける',
  highPrivilege: '強い権限',
  newTab: '（新しいタブで開きます）',
  website: 'ウェブサイト',
  privacy: 'プライバシー',
  terms: '利用規約',
};
