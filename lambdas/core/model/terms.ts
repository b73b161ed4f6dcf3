import type { Language } from '../values/language.ts';

/** The terms of use in one language: what users of the portal agree to refrain from. */
export interface Terms {
  readonly title: string;
  readonly introduction: string;
  readonly points: readonly string[];
}

export const terms: Readonly<Record<Language, Terms>> = {
  ar: {
    title: 'شروط استخدام البوابة',
    introduction: 'باستخدامك هذه البوابة فإنك تتعهد بالامتناع عمّا يلي:',
    points: [
      'رفع برامج أو مواد أو معلومات لا تملكها أو لا تملك ترخيصًا باستخدامها.',
      'إرسال رسائل تجارية أو رسائل مزعجة أو أي إساءة من هذا النوع.',
      'رفع ملفات تحوي فيروسات أو بيانات تالفة.',
      'نشر ما يسيء إلى سمعة الأشخاص أو يخالف الأنظمة.',
      'نشر ما يمس التعاليم الإسلامية أو الآداب العامة أو الأنظمة.',
      'المشاركة في أنشطة غير مشروعة من خلال البوابة.',
      'الإعلان عن منتج أو خدمة تجعل البوابة مخالفة لأي نظام أو لائحة.',
      'استخدام أي وسيلة أو برنامج أو إجراء يُقصد به التدخل في عمل البوابة.',
      'أي فعل يضع عبئًا غير معقول على البنية التحتية للبوابة.',
    ],
  },
  en: {
    title: 'Terms of use of the portal',
    introduction: 'By using this portal you agree to refrain from:',
    points: [
      'uploading programs, material or information that you do not own or have no licence for;',
      'sending commercial e-mail, spam or any abuse of that kind;',
      'uploading files with viruses or corrupt data;',
      'publishing what defames people or breaks the law;',
      'publishing what offends Islamic teaching, public morals or the law;',
      'taking part in unlawful activity through the portal;',
      'advertising a product or service that would put the portal in breach of any law or regulation;',
      'using any means, program or act meant to interfere with the working of the portal;',
      'doing anything that puts an unreasonable load on its infrastructure.',
    ],
  },
};
