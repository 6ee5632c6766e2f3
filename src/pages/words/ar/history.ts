/** ما حدث مع الخدمات. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const history: Words['history'] = {
  title: 'السجل الأخير',
  warning: 'تحذير',
  times: counted('ar', {
    one: 'مرة واحدة، وكانت',
    two: 'مرتان، آخرهما',
    few: '# مرات، آخرها',
    many: '# مرة، آخرها',
    other: '# مرة، آخرها',
  }),
  andMore: (count) => `و${count} غيرها`,
  sentences: {
    authorized: (name) => html`سمحت لخدمة ${name}`,
    widened: (name) => html`وسّعت ما تسمح به لخدمة ${name}`,
    narrowed: (name) => html`قلّلت ما تسمح به لخدمة ${name}`,
    refused: (name) => html`رفضت طلب ${name}`,
    'connected again': (name) => html`اتصلت ${name} مجدداً بما كنت قد سمحت به`,
    'revoked by user': (name) => html`سحبت الإذن من ${name}`,
    'ended by user': (name) => html`أنهيت أحد اتصالات ${name}`,
    'revoked by service': (name) => html`تخلّت ${name} عن وصولها`,
    'code replayed': (name) => html`استُخدم رمز لخدمة ${name} مرتين. أنهينا ذلك الاتصال لأن أحداً قد يكون نسخه`,
    'refresh token replayed': (name) =>
      html`استُخدم مفتاح قديم لخدمة ${name} من جديد. أنهينا ذلك الاتصال لأن أحداً قد يكون نسخه`,
    'removed by operator': (name) => html`أزال أحد المسؤولين ${name} وأنهى ما كنت قد سمحت لها به`,
    'voided by operator': (name) => html`أنهى أحد المسؤولين ما كنت قد سمحت به لخدمة ${name}`,
    'ended by operator': (name) => html`أنهى أحد المسؤولين ما كنت قد سمحت به لخدمة ${name}`,
    'everything voided by operator': () => html`أنهى أحد المسؤولين كل ما كنت قد سمحت به وسجّل خروجك`,
    'approved for everyone': (name) => html`حصلت ${name} على وصول وافق عليه المسؤولون للجميع`,
    'approved by operator': (name) => html`وافق أحد المسؤولين على ما أردت السماح به لخدمة ${name}`,
    'refused by operator': (name) => html`لم يوافق أحد المسؤولين على ما أردت السماح به لخدمة ${name}`,
    evicted: (name) => html`أُنهي أقدم اتصال لخدمة ${name} لإفساح المجال لاتصال جديد`,
  },
  lists: {
    authorized: (names) => html`يمكنها استخدام: ${names}`,
    widened: (names) => html`الجديد: ${names}`,
    narrowed: (names) => html`ما أُزيل: ${names}`,
    refused: (names) => html`كانت قد طلبت: ${names}`,
    'connected again': (names) => html`يمكنها استخدام: ${names}`,
    'approved for everyone': (names) => html`يمكنها استخدام: ${names}`,
    'approved by operator': (names) => html`ما وُوفق عليه: ${names}`,
    'refused by operator': (names) => html`ما لم يُوافَق عليه: ${names}`,
  },
};
