/** الصفحة التي يُقرَّر فيها ما يجوز للخدمة. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const approval: Words['approval'] = {
  title: (service) => `السماح لخدمة ${service}؟`,
  question: (service) => html`هل تسمح لخدمة ${service} بالتصرف نيابةً عنك؟`,
  signInTitle: (service) => `تسجيل الدخول إلى ${service}؟`,
  signInQuestion: (service) => html`هل تريد تسجيل الدخول إلى ${service}؟`,
  verifiedBy: (organization) => html`تحقّقت منها ${organization}`,
  notVerifiedBy: (organization) => html`لم تتحقق منها ${organization}`,
  unverified: (organization) =>
    html`<b>هذه الخدمة غير موثّقة.</b> لم يتأكد أحد في ${organization} ممن يديرها. لا تتابع إلا إذا جئت إلى هنا من خدمة تثق بها.`,
  publishedBy: (publisher) => html`من ${publisher}`,
  aboutService: 'عن هذه الخدمة',
  describedAt: (host) => html`وصفها منشور في ${host}`,
  answersGoTo: 'تُرسل إجابتك إلى',
  uses: 'يتعلق الطلب بـ',
  anApp: 'تطبيق على هذا الجهاز',
  theDevice: 'الجهاز الذي يعرض الرمز',
  onThisDevice: (host) => html`${host} على هذا الجهاز`,
  caution: {
    'local website': 'لا توافق إلا إذا كنت تشغّل هذا الموقع بنفسك.',
    app: 'لا توافق إلا إذا كنت قد شغّلت هذا التطبيق بنفسك قبل لحظات.',
    device: 'لا توافق إلا إذا كان هذا الجهاز لك.',
  },
  device: (code) =>
    html`<b>هناك جهاز ينتظر: يجب أن يعرض الرمز ${code}.</b> لا تتابع إلا إذا بدأت هذا بنفسك وكان الجهاز أمامك. إن أرسل إليك أحد هذا الرمز أو رابطاً، فسيحصل هو على الوصول.`,
  deviceFrom: 'يطلب من',
  deviceAgent: 'يسمّي نفسه',
  account: 'حسابك',
  otherAccount: 'استخدام حساب آخر',

  asks: 'تطلب الخدمة',
  asksNothing: 'لا تطلب أي إذن سوى معرفة أنك وافقت.',
  asksAt: (resources) => html`لدى ${resources}`,
  needsAll: 'تحتاج الخدمة إلى كل ذلك.',
  untickAll: 'إلغاء تحديد الكل',
  tickAll: 'تحديد الكل',
  permissions: counted('ar', {
    zero: 'لا أذونات',
    one: 'إذن واحد',
    two: 'إذنان',
    few: '# أذونات',
    many: '# إذناً',
    other: '# إذن',
  }),
  highPrivileges: counted('ar', { one: 'واحد منها واسع', two: 'اثنان منها واسعان', other: '# منها واسعة' }),
  more: (title) => html`المزيد عن «${title}»`,
  isNew: 'جديد',
  always: 'جزء دائم من هذه الموافقة.',
  allowedBefore: 'سبق أن سمحت بهذا.',
  allowedOnce: 'سمحت بهذا مرة واحدة.',
  includes: (names) => html`يشمل: ${names}`,
  included: 'مشمول أعلاه',
  comesWith: (names) => html`يأتي مع ${names} سواء حُدِّد أم لا: لاستبعاده ألغِ تحديد ذلك أيضاً.`,
  allowedAlready: counted('ar', {
    one: 'سبق أن منحت إذناً واحداً',
    two: 'سبق أن منحت إذنين',
    few: 'سبق أن منحت # أذونات',
    many: 'سبق أن منحت # إذناً',
    other: 'سبق أن منحت # إذن',
  }),
  details: 'ما تطلبه بالتحديد',
  allOrNothing: 'تسمح بهذا كله أو لا تسمح بشيء منه.',
  may: 'يجوز لها',

  lasting: 'إلى متى؟',
  lastings: {
    once: 'هذه المرة فقط',
    '30 days': '30 يوماً',
    'until revoked': 'إلى أن ألغيه',
  },
  lastsOnce: (span) => html`يمكنها العمل لمدة ${span}، وتسأل مجدداً في المرة القادمة.`,
  lastsDays: 'بعد ذلك عليها أن تسألك مجدداً.',
  lastsUntilRevoked: (idle, longest) => html`ينتهي تلقائياً بعد ${idle} من دون استخدام، وفي كل الأحوال بعد ${longest}.`,
  lastsRuled: (organization, longest) => html`لدى ${organization} تنتهي كل موافقة بعد ${longest} على الأكثر.`,

  next: 'ماذا يحدث بعد ذلك',
  ifApproved: (service) => html`إذا وافقت، يمكن لخدمة ${service} أن تفعل باسمك ما هو محدَّد.`,
  ifSignedIn: (service) => html`إذا وافقت، تعرف خدمة ${service} ما هو محدَّد.`,
  ifDetails: (service) =>
    html`إذا وافقت، يمكن لخدمة ${service} أن تفعل ما هو موصوف هنا بالضبط. ولأي شيء آخر من هذا النوع عليها أن تسألك مجدداً.`,
  ifDenied: 'إذا رفضت، تعرف الخدمة أنك رفضت ولا شيء غير ذلك.',
  password: html`<b>لا ترى كلمة مرورك أبداً</b> ولا تحتاج إليها.`,
  learns: (facts) => html`تعرف الخدمة ${facts}.`,
  facts: { name: 'اسمك', account: 'اسم حسابك', roles: 'أدوارك' },
  revocable: (page) => html`يمكنك سحب ذلك في أي وقت من ${page}.`,

  answerAs: (account, destination) => html`تُرسل إجابتك بصفتك ${account} إلى ${destination}`,
  approve: 'موافقة',
  deny: 'رفض',

  changed: 'ما تغيّر منذ أن سمحت بذلك',
  changedName: (before) => html`كان اسمها ${before}`,
  changedPublisher: (before) => html`كان ناشرها، بحسب قولها، ${before}`,
  noPublisher: 'لم تكن تذكر ناشراً',
  changedWebsite: (before) => html`كان موقعها ${before}`,
  noWebsite: 'لم تكن تذكر موقعاً',
  changedHost: (before, now) => html`كانت إجابتك تُرسل إلى ${before}؛ والآن تُرسل إلى ${now}`,
  changedDocument: 'تغيّر المستند الذي يصفها',
  changedWords: 'تغيّر ما تقوله عن نفسها أو ما تعنيه أذوناتها',
  expected: 'لا توافق إلا إذا كنت تتوقع ذلك.',

  outdated:
    'لم تتم الموافقة على شيء بعد: أصبحت هذه الصفحة قديمة أو تغيّرت الخدمة. يُرجى مراجعتها مرة أخرى. اختياراتك كما تركتها.',
  nothingTicked: 'لم يُحدَّد أي شيء، فلا يوجد ما توافق عليه. حدّد إذناً واحداً على الأقل ثم وافق، أو ارفض.',
  decidedMeanwhile:
    'لم تتم الموافقة على شيء بعد: تغيّر في هذه الأثناء ما تسمح به لهذه الخدمة. يُرجى مراجعة هذه الصفحة مرة أخرى. اختياراتك كما تركتها.',
};
