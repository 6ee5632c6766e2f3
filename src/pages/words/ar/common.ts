/** ما يظهر في كل صفحة. */
import type { Words } from '../words.ts';

export const common: Words['common'] = {
  skip: 'الانتقال إلى المحتوى',
  addressBegins: 'يجب أن يبدأ شريط العنوان في متصفحك بـ',
  thisSite: 'هذا الموقع',
  about: 'حول هذا الموقع',
  manage: 'إدارة الأذونات',
  signedInAs: 'تم تسجيل الدخول باسم',
  signIn: 'تسجيل الدخول',
  signOut: 'تسجيل الخروج',
  startPage: 'الذهاب إلى صفحة البداية',
  tryAgain: 'إعادة المحاولة',
  continue: 'متابعة',
  highPrivilege: 'صلاحية واسعة',
  newTab: ' (يُفتح في علامة تبويب جديدة)',
  website: 'الموقع الإلكتروني',
  privacy: 'الخصوصية',
  terms: 'شروط الاستخدام',
};
