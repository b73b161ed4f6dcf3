import type { Tag } from './operation.ts';

export const info = {
  title: 'Hawiya',
  summary: 'Identity and one-time codes for a national health portal',
  description: [
    'JSON in, JSON out. Every error is a problem document (RFC 9457) with a `code` of a closed list; `type` leads to a page about it.',
    'A flow starts a **challenge**, the code is sent and verified, and the **ticket** of a verified challenge completes the flow.',
    'Requests are closed: an unknown field is an error. Answers are open: bear fields that a later version adds.',
    'Of **web pages** only the portal’s own may call: what is no `GET` is `cross_site_request` from any other, whatever it sends. Apps and servers send neither `Origin` nor `Sec-Fetch-Site`, and are asked nothing.',
    '**Cookie mode**, for the portal’s own pages: with `"tokens": "cookie"` in the body of a session call, refresh token and device secret are in `__Host-` cookies and in no body. Such a call has to be JSON with `X-Hawiya-Client: browser`, and to say that it is from the portal’s own origin, or is `cross_site_request`.',
  ].join('\n\n'),
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

export const servers = [
  { url: '/v1', description: 'The stage that serves this document, or the portal’s own host' },
];

const tagTexts: Record<Tag, readonly [en: string, ar: string]> = {
  registration: ['Open an account', 'فتح حساب'],
  'password-reset': ['Reset a forgotten password', 'إعادة تعيين كلمة مرور منسية'],
  challenges: ['Send and verify codes', 'إرسال الرموز والتحقق منها'],
  sessions: ['Log in, stay logged in, log out', 'الدخول والبقاء والخروج'],
  account: ['The owner’s account', 'حساب صاحبه'],
  authenticators: ['Authenticator app and recovery codes', 'تطبيق المصادقة ورموز الاسترداد'],
  transactions: ['Codes for other services', 'رموز للخدمات الأخرى'],
  information: ['What anyone may read', 'ما يقرؤه أي أحد'],
};

export const tags = Object.entries(tagTexts).map(([name, [description, arabic]]) => ({
  name,
  description,
  'x-description-ar': arabic,
}));
