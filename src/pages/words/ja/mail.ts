/** 利用者へのメール。 */
import type { Words } from '../words.ts';

export const mail: Words['mail'] = {
  title: (service: string) => `${service} があなたに代わって操作できるようになりました`,
  allowed: (account: string, when: string) => `${when}に ${account} が許可しました。`,
  forEveryone: (when: string) =>
    `このサイトの運営者が全員に対して承認したサービスです。${when}から、あなたに代わって操作できます。`,
  may: 'このサービスにできること:',
  notYou: 'お心当たりがない場合や、今後は許可しない場合は、次のページで取り消してください:',
  why: '新しい許可があるたびにメールをお送りします(1 日 10 通まで)。このメールに返信されても、読む者はおりません。',
};
