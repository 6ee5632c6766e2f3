/** サインアウトと、サービスへの戻り。 */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const signOut: Words['signOut'] = {
  title: 'サインアウト',
  heading: 'サインアウトしますか？',
  sentBy: (service, brand) => html`${service} から、このブラウザーで ${brand} からサインアウトするよう案内されました。`,
  consequences: (manage) =>
    html`ここからサインインしたサービスからも、サインアウトされることがあります。サービスに許可したことはそのまま続きます。やめるには、${manage}で取り消してください。`,
  stay: 'サインインしたままにする',
  notSignedInTitle: 'サインインしていません',
  notSignedInHeading: 'サインインしていません',
  notSignedIn: 'このブラウザーには、サインアウトするものがありません。',
  doneTitle: 'サインアウトしました',
  doneHeading: 'サインアウトしました',
  done: (brand) =>
    html`このブラウザーで ${brand} からサインアウトしました。ここからサインインしたサービスからも、サインアウトされることがあります。サービスに許可したことは、取り消すまで続きます。`,
  sharedDevice:
    '共有のデバイスでは、Microsoft アカウントや職場のアカウントからもサインアウトするか、ブラウザーを閉じてください。そちらではまだサインインしたままかもしれません。',
  signInAgain: 'もう一度サインイン',
  backTitle: 'サービスに戻る',
  backTo: (service) => html`${service} に戻る`,
  onItsWay: '回答を送信しています。何も起こらない場合は、ボタンを押してください。',
};
