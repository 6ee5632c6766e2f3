/** サービスについて起きたこと。 */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const history: Words['history'] = {
  title: '最近の履歴',
  warning: '警告',
  times: counted('ja', { other: '# 回、最後は' }),
  andMore: (count) => `ほか ${count} 件`,
  sentences: {
    authorized: (name) => html`${name} を許可しました`,
    widened: (name) => html`${name} に許可を追加しました`,
    narrowed: (name) => html`${name} への許可を減らしました`,
    refused: (name) => html`${name} を拒否しました`,
    'connected again': (name) => html`${name} が、以前許可した内容で再接続しました`,
    'revoked by user': (name) => html`${name} を取り消しました`,
    'ended by user': (name) => html`${name} の接続を 1 つ終了しました`,
    'revoked by service': (name) => html`${name} がアクセスを返上しました`,
    'code replayed': (name) =>
      html`${name} のコードが 2 回使われました。コピーされたおそれがあるため、その接続を終了しました`,
    'refresh token replayed': (name) =>
      html`${name} の古いキーがもう一度使われました。コピーされたおそれがあるため、その接続を終了しました`,
    'removed by operator': (name) => html`管理者が ${name} を削除し、許可していた内容を終了しました`,
    'voided by operator': (name) => html`管理者が ${name} に許可していた内容を終了しました`,
    'ended by operator': (name) => html`管理者が ${name} に許可していた内容を終了しました`,
    'everything voided by operator': () => html`管理者が、許可していた内容をすべて終了し、サインアウトさせました`,
    'approved for everyone': (name) => html`管理者が全員に承認したアクセスを、${name} が得ました`,
    'approved by operator': (name) => html`${name} に許可しようとした内容を、管理者が承認しました`,
    'refused by operator': (name) => html`${name} に許可しようとした内容を、管理者が承認しませんでした`,
    evicted: (name) => html`新しい接続のため、${name} のいちばん古い接続を終了しました`,
  },
  lists: {
    authorized: (names) => html`使えるもの：${names}`,
    widened: (names) => html`追加：${names}`,
    narrowed: (names) => html`外したもの：${names}`,
    refused: (names) => html`求められたもの：${names}`,
    'connected again': (names) => html`使えるもの：${names}`,
    'approved for everyone': (names) => html`使えるもの：${names}`,
    'approved by operator': (names) => html`承認：${names}`,
    'refused by operator': (names) => html`承認されなかったもの：${names}`,
  },
};
