/** What needs an operator’s approval first, and what became of asking for it. */
import { type Html, html } from '../../html.ts';

export const operatorApproval = {
  title: '先に運営者の承認が必要です',
  lead: (service: Html) => html`${service} は、このサイトの運営者が承認するまで許可できないものを求めています。`,
  list: '承認が必要なもの',
  ask: '承認を依頼する',
  again: 'もう一度依頼する',
  without: 'これを除いて続ける',
  deny: '拒否する',
  waiting: (when: Html) =>
    html`${when}に承認を依頼しました。まだ決定されていません。承認されたら、サービスからもう一度始めてください。`,
  refused: (when: Html) => html`${when}に、承認されませんでした。`,
  reason: '理由：',
};
