/** رسائل إلى الأشخاص. */
import type { Words } from '../words.ts';

export const mail: Words['mail'] = {
  title: (service: string) => `أصبح بإمكان ${service} التصرّف نيابةً عنك`,
  allowed: (account: string, when: string) => `سمح ${account} بذلك في ${when}.`,
  forEveryone: (when: string) => `وافق القائمون على هذا الموقع على هذه الخدمة للجميع، وهي تتصرّف نيابةً عنك منذ ${when}.`,
  may: 'يمكن للخدمة:',
  notYou: 'إذا لم تكن أنت من فعل ذلك، أو لم تعد ترغب فيه، فألغِ التفويض في هذه الصفحة:',
  why: 'تصلك رسالة عند كل تفويض جديد، عشر رسائل في اليوم على الأكثر. لا أحد يقرأ الردود عليها.',
};
