/** What needs an operator’s approval first, and what became of asking for it. */
import { type Html, html } from '../../html.ts';

export const operatorApproval = {
  title: 'يجب أن يوافق أحد المسؤولين أولًا',
  lead: (service: Html) => html`تطلب ${service} شيئًا لا يمكنك السماح به إلا بعد موافقة القائمين على هذا الموقع.`,
  list: 'ما يحتاج إلى موافقتهم',
  ask: 'اطلب الموافقة',
  again: 'اطلب مرة أخرى',
  without: 'المتابعة من دونه',
  deny: 'رفض',
  waiting: (when: Html) => html`طلبت الموافقة ${when}. لم يتخذ أحد قرارًا بعد. عند الموافقة، ابدأ من جديد من الخدمة.`,
  refused: (when: Html) => html`لم تتم الموافقة، ${when}.`,
  reason: 'السبب المذكور:',
};
