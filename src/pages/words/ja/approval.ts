/** サービスに何を許すかを決めるページ。 */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const approval: Words['approval'] = {
  title: (service) => `${service} を許可しますか？`,
  question: (service) => html`${service} があなたの代わりに操作することを許可しますか？`,
  signInTitle: (service) => `${service} にサインインしますか？`,
  signInQuestion: (service) => html`${service} にサインインしますか？`,
  verifiedBy: (organization) => html`${organization} が確認済み`,
  notVerifiedBy: (organization) => html`${organization} は未確認`,
  unverified: (organization) =>
    html`<b>このサービスは確認されていません。</b>運営者が誰であるかを ${organization} の担当者は確かめていません。`,
  publishedBy: (publisher) => html`提供元：${publisher}`,
  aboutService: 'このサービスについて',
  describedAt: (host) => html`説明の掲載先：${host}`,
  answersGoTo: '回答の送信先',
  uses: '要求の対象',
  anApp: 'このデバイス上のアプリ',
  theDevice: 'コードを表示しているデバイス',
  onThisDevice: (host) => html`このデバイス上の ${host}`,
  caution: {
    website: '信頼するサービスからここに来た場合にのみ続けてください。',
    'local website': 'そのウェブサイトをご自身で動かしている場合にのみ承認してください。',
    app: 'そのアプリをたった今ご自身で起動した場合にのみ承認してください。',
    device: 'そのデバイスがご自身のものである場合にのみ承認してください。',
  },
  device: (code) =>
    html`<b>デバイスが待っています。デバイスにコード ${code} が表示されている必要があります。</b>ご自身で始めた操作で、デバイスが目の前にある場合にのみ続けてください。このコードやリンクが誰かから送られてきた場合、その相手にアクセスを渡すことになります。`,
  deviceFrom: '要求元',
  deviceAgent: 'デバイスの名乗る名前',
  account: 'あなたのアカウント',
  otherAccount: '別のアカウントを使う',

  asks: '要求されている操作',
  asksNothing: '承認されたことを知る以外の許可は求めていません。',
  asksAt: (resources) => html`対象：${resources}`,
  needsAll: 'サービスにはこのすべてが必要です。',
  untickAll: 'すべて外す',
  tickAll: 'すべて選ぶ',
  permissions: counted('ja', { other: '# 件の許可' }),
  highPrivileges: counted('ja', { other: '強い権限 # 件' }),
  more: (title) => html`「${title}」の詳細`,
  isNew: '新規',
  always: 'この承認に必ず含まれます。',
  allowedBefore: '以前に許可しています。',
  allowedOnce: '以前に一度だけ許可しました。',
  includes: (names) => html`含まれるもの：${names}`,
  included: '上の許可に含まれます',
  comesWith: (names) => html`選択の有無にかかわらず ${names} に含まれます。除くには、それも外してください。`,
  allowedAlready: counted('ja', { other: 'すでに # 件を許可しています' }),
  details: '要求の詳しい内容',
  allOrNothing: 'すべてを許可するか、何も許可しないかのどちらかです。',
  may: '許される操作',

  lasting: 'いつまで許可しますか？',
  lastings: {
    once: '今回のみ',
    '30 days': '30 日間',
    'until revoked': '取り消すまで',
  },
  lastsOnce: (span) => html`${span}だけ動作し、次回は改めて確認します。`,
  lastsDays: 'その後は改めて確認が必要です。',
  lastsUntilRevoked: (idle, longest) =>
    html`${idle}使われなければ自動的に終わり、いずれの場合も${longest}で終わります。`,
  lastsRuled: (organization, longest) => html`${organization} の規則により、許可は最長で${longest}です。`,

  next: 'この後の流れ',
  ifApproved: (service) => html`承認すると、${service} は選択した操作をあなたとして行えます。`,
  ifSignedIn: (service) => html`承認すると、選択した情報が ${service} に伝わります。`,
  ifDetails: (service) =>
    html`承認すると、${service} はここに書かれたことだけを行えます。同じ種類の別のことには、改めて確認が必要です。`,
  ifDenied: '拒否すると、拒否されたことだけが伝わります。',
  password: html`<b>パスワードが見られることはありません。</b>その必要もありません。`,
  learns: (facts) => html`サービスに伝わる情報：${facts}`,
  facts: { name: 'あなたの名前', account: 'あなたのアカウント名', roles: 'あなたのロール' },
  revocable: (page) => html`${page} でいつでも取り消せます。`,

  answerAs: (account, destination) => html`${account} としての回答は ${destination} に送られます`,
  approve: '承認',
  deny: '拒否',

  changed: '許可した後に変わったこと',
  changedName: (before) => html`以前の名前：${before}`,
  changedPublisher: (before) => html`以前の提供元（自己申告）：${before}`,
  noPublisher: '以前は提供元を示していませんでした',
  changedWebsite: (before) => html`以前のウェブサイト：${before}`,
  noWebsite: '以前はウェブサイトを示していませんでした',
  changedHost: (before, now) => html`以前の回答の送信先：${before}、今回：${now}`,
  changedDocument: 'サービスを説明する文書が変わりました',
  changedWords: 'サービスの自己紹介、または許可の意味が変わりました',
  expected: '心当たりがある場合にのみ承認してください。',

  outdated:
    'まだ何も承認されていません。このページが古くなったか、サービスが変わりました。もう一度ご確認ください。選択はそのまま残っています。',
  nothingTicked:
    '何も選択されていないため、承認するものがありません。少なくとも一つを選んで承認するか、拒否してください。',
  decidedMeanwhile:
    'まだ何も承認されていません。このサービスに許可している内容がその間に変わりました。もう一度ご確認ください。選択はそのまま残っています。',
};
