import type { Text } from '../values/language.ts';

/** Why a session ended, as far as its holder is told. The list is closed, because clients switch over it. */
export const toldEnds = [
  'expired',
  'idle',
  'log-out',
  'owner',
  'password-changed',
  'phone-restored',
  'reuse',
] as const;

export type ToldEnd = (typeof toldEnds)[number];

/**
 * Why a session ended, as events and the table have it. `account`: the account is closed, disabled or another person's.
 * `directory`: the directory no longer accepts the session's token.
 */
export type SessionEnd = ToldEnd | 'account' | 'directory';

/** What stays of an ended session until its natural end. */
export type EndedSession = {
  /** When its newest refresh token was made, epoch seconds: a key that was replaced before made a forgery. */
  readonly rotatedAt: number;
} & (
  | { readonly reason: Exclude<SessionEnd, 'idle'> }
  /** `ownDevice` says which limit it had reached. */
  | { readonly reason: 'idle'; readonly ownDevice: boolean }
);

export const endedAs = (
  reason: SessionEnd,
  { rotatedAt, ownDevice }: { readonly rotatedAt: number; readonly ownDevice: boolean },
): EndedSession => (reason === 'idle' ? { reason, rotatedAt, ownDevice } : { reason, rotatedAt });

/** The member of a problem that tells the end; nothing where Hawiya does not know the reason or keeps it. */
export const told = (reason: SessionEnd | undefined): { readonly reason?: ToldEnd } =>
  isTold(reason) ? { reason } : {};

const isTold = (reason: SessionEnd | undefined): reason is ToldEnd =>
  (toldEnds as readonly (string | undefined)[]).includes(reason);

/** One sentence a reason, for the detail of a problem. */
export const endTexts: Record<ToldEnd, Text> = {
  expired: { ar: 'بلغت الجلسة مدتها القصوى.', en: 'The session reached its longest life.' },
  idle: {
    ar: 'لم تُستخدم الجلسة مدة طويلة.',
    en: 'The session was not used for too long.',
  },
  'log-out': { ar: 'سُجّل الخروج منها.', en: 'It was logged out.' },
  owner: {
    ar: 'أُنهيت من جهاز آخر للحساب.',
    en: 'Another device of the account ended it.',
  },
  'password-changed': { ar: 'تغيّرت كلمة المرور.', en: 'The password was changed or reset.' },
  'phone-restored': { ar: 'أُلغي تغيير الجوال.', en: 'A change of phone was undone.' },
  reuse: {
    ar: 'استُخدم رمز تحديث قديم، وقد يكون مسروقًا.',
    en: 'An old refresh token was used, which may be stolen.',
  },
};
