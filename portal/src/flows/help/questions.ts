import type arHelp from '../../i18n/ar/help.ts';

type Texts = typeof arHelp;
export type Topic = keyof Texts['topics'];

export interface Question {
  readonly id: keyof Texts['questions'];
  readonly topic: Topic;
  /** The page where the person does what the answer says. */
  readonly page?: keyof Texts['pages'];
  /**
   * Other words that people use for it, in both languages: spoken Arabic, English words in Arabic letters, and what a
   * person sees instead of what it is called. They are never shown.
   */
  readonly words: string;
}

export const topics: readonly Topic[] = ['open', 'enter', 'code', 'phone', 'safety', 'page'];

export const questions: readonly Question[] = [
  {
    id: 'openAccount',
    topic: 'open',
    page: 'register',
    words:
      'تسجيل جديد اشترك انشاء اعمل حساب اسجل مستخدم جديد ابدأ register sign up create new join',
  },
  {
    id: 'identityTaken',
    topic: 'open',
    page: 'reset',
    words: 'الهوية مسجلة مستخدمة من قبل موجود سابقا حساب باسمي انتحال already registered exists',
  },
  {
    id: 'sharedPhone',
    topic: 'open',
    words:
      'عائلة أهل زوجتي زوجي أولادي أطفال عيال أبناء نفس الرقم مشترك family wife husband kids share',
  },
  {
    id: 'otherNumber',
    topic: 'open',
    words:
      'رقم أجنبي خارج المملكة دولي ثابت غير صالح مرفوض ما يقبل foreign abroad landline invalid refused',
  },
  {
    id: 'forElder',
    topic: 'open',
    page: 'register',
    words:
      'أبوي أمي الوالد الوالدة كبير السن عجوز جدي جدتي مريض وكيل parents grandmother elderly behalf',
  },
  {
    id: 'forgotPassword',
    topic: 'enter',
    page: 'reset',
    words:
      'الرقم السري كلمة السر باسورد باسوورد ضيعت ناسي استعادة استرجاع password pass pin forgotten reset recover',
  },
  {
    id: 'changePassword',
    topic: 'enter',
    page: 'password',
    words: 'تغيير تبديل تحديث الرقم السري كلمة السر باسورد جديدة change new password update',
  },
  {
    id: 'forgotUsername',
    topic: 'enter',
    page: 'username',
    words: 'يوزر يوزرنيم اسم الدخول ايش اسمي معرف user name login id forgotten',
  },
  {
    id: 'wrongPassword',
    topic: 'enter',
    page: 'reset',
    words:
      'ما يدخل ما يفتح خطأ غلط غير صحيحة الرقم السري كلمة السر باسورد تسجيل الدخول wrong incorrect login fails cannot sign in',
  },
  {
    id: 'tooMany',
    topic: 'enter',
    words:
      'مقفل موقوف معلق محظور انحظر بلوك قفل انتظر ساعة locked blocked suspended wait attempts limit',
  },
  {
    id: 'loggedOut',
    topic: 'enter',
    page: 'login',
    words: 'طلعني خرجني سجل خروج انتهت الجلسة يطلب الدخول session expired ended signed out again',
  },
  {
    id: 'sharedComputer',
    topic: 'enter',
    page: 'sessions',
    words:
      'كمبيوتر حاسب مقهى عمل مستشفى جهاز عام تسجيل الخروج public shared work cafe log out sign out',
  },
  {
    id: 'noCode',
    topic: 'code',
    words:
      'ما وصلني لم تصل ما جاني ماجاني الكود كود رسالة تأخر مسج رقم التحقق otp sms message late missing never arrived not received verification',
  },
  {
    id: 'wrongCode',
    topic: 'code',
    words: 'كود غلط خطأ منتهي صلاحية انتهى الوقت رقم التحقق otp expired invalid timeout',
  },
  {
    id: 'codeUnasked',
    topic: 'code',
    words: 'وصلني رسالة غريبة بدون طلب طلبته فجأة كود مجهول unknown unexpected unwanted otp',
  },
  {
    id: 'phoneLost',
    topic: 'phone',
    words:
      'انسرق سرقوا ضيعت فقدت تلفون موبايل خرب انكسر مسروق شريحة بديلة بدل فاقد رقم ملغي مفصول lost stolen broken sim replacement',
  },
  {
    id: 'changePhone',
    topic: 'phone',
    page: 'phone',
    words: 'رقم جديد تحديث تعديل تلفون موبايل شريحة جديدة بدلت new mobile update move',
  },
  {
    id: 'app',
    topic: 'phone',
    page: 'authenticator',
    words:
      'برنامج جوجل مايكروسوفت بدون رسائل ثنائي خطوتين totp google microsoft two factor authentication',
  },
  {
    id: 'appLost',
    topic: 'phone',
    page: 'authenticator',
    words: 'حذفت التطبيق جوال جديد برنامج رموز الاسترداد backup recovery codes deleted',
  },
  {
    id: 'stranger',
    topic: 'safety',
    page: 'reset',
    words:
      'اخترق مخترق هكر مسروق سرقة جهاز جديد تنبيه لست أنا ما سويت hacked stolen account alert not me warning',
  },
  {
    id: 'asksCode',
    topic: 'safety',
    words: 'نصب نصاب احتيال محتال اتصال مكالمة موظف بنك يطلب الكود scam fraud caller phishing bank',
  },
  {
    id: 'realSite',
    topic: 'safety',
    words: 'وهمي مزور نصب رابط حكومي رسمي أصلي تقليد fake phishing link official genuine trust',
  },
  {
    id: 'myData',
    topic: 'page',
    page: 'privacy',
    words: 'معلوماتي سرية خصوصية نسخة تحميل ملف export download information personal privacy',
  },
  {
    id: 'close',
    topic: 'page',
    page: 'close',
    words: 'حذف إلغاء مسح شطب امسح delete remove cancel erase',
  },
  {
    id: 'look',
    topic: 'page',
    page: 'accessibility',
    words:
      'نظر ضعيف اكبر تكبير خط عربي انجليزي ليلي لون اعمى كفيف font size bigger english arabic dark zoom blind contrast',
  },
  {
    id: 'broken',
    topic: 'page',
    words:
      'معلق عطل خلل ما يفتح ما تحمل نت شبكة انترنت error bug loading network internet offline stuck',
  },
];
