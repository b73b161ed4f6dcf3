import { totpCode, totpStep } from '#core/crypto/totp.ts';
import { local } from '../../../lib/config/stages/local.ts';
import { nationalId, phone, unique } from '../fakes/builders.ts';
import { password, termsVersion, username } from '../world/world.ts';
import type { Actor } from './actors.ts';
import { codesOf, type Pool, picked } from './pool.ts';
import type { Facts } from './request.ts';
import { Slot } from './slots.ts';
import { tampered } from './tokens.ts';

/** The source of one request's slots: its facts, and values that two of its fields share. */
export interface Filling extends Facts {
  readonly pool: Pool;
  readonly fresh: { readonly phone: string; readonly password: string };
  /** The method of the code, when the body names one. */
  readonly method?: unknown;
}

/** The value with every slot in it filled. */
export function filled(value: unknown, filling: Filling): unknown {
  if (value instanceof Slot) return fillings[value.kind]?.(value, filling) ?? unknownSlot(value);
  if (Array.isArray(value)) return value.map((one) => filled(one, filling));
  if (typeof value !== 'object' || value === null) return value;
  // The method comes first: the right code depends on it.
  const method = filled((value as { method?: unknown }).method, filling);
  const inside = { ...filling, method };
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, inside)]));
}

function unknownSlot({ kind, variant }: Slot): never {
  throw new Error(`There is nothing to fill ${kind} with: ${variant}`);
}

type Fill = (slot: Slot, filling: Filling) => string;

const anyone = ({ pool }: Filling, { pick }: Slot) => picked(pool.people, pick) as Actor;
const owner = (filling: Filling, slot: Slot) => filling.actor ?? anyone(filling, slot);
const arabic = (digits: string) =>
  digits.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)));

/**
 * A secret by its variant.
 * @param live returns a valid one, if there is any
 */
const secretOf =
  (live: (filling: Filling, slot: Slot) => string | undefined): Fill =>
  (slot, filling) => {
    const { pool } = filling;
    const secret = live(filling, slot) ?? picked(pool.spent, slot.pick) ?? unique();
    if (slot.variant === 'spent') return picked(pool.spent, slot.pick) ?? unique();
    if (slot.variant === 'foreign') return `AQ${unique()}${unique()}`.slice(0, secret.length);
    if (slot.variant === 'access') return owner(filling, slot).token ?? unique();
    return slot.variant === 'tampered' ? tampered(secret, slot.pick) : secret;
  };

const newSecret: Fill = ({ variant }, { fresh }) =>
  variant === 'fresh' ? fresh.password : variant === 'common' ? 'password1234' : `${unique()} x`;
const presentPassword: Fill = (slot, filling) => {
  if (slot.variant === 'wrong') return `not the password ${unique()}`;
  return slot.variant === 'own' ? owner(filling, slot).password : newSecret(slot, filling);
};

/**
 * The code is looked up in the messages since the challenge. Another flow's message may be among
 * them.
 */
function rightCode(slot: Slot, { pool, actor, challenge, enrolment, method }: Filling): string {
  const totpSecret = enrolment?.totpSecret ?? actor?.totpSecret;
  if (method === 'recovery-code') return actor?.recoveryCodes.shift() ?? 'ABCD-EFGH-JKMN-PQRS';
  if (totpSecret && (enrolment || method === 'totp')) {
    const step = totpStep(Math.floor(pool.world.clock.now() / 1000));
    return totpCode(totpSecret, step + Math.floor(slot.pick * 3) - 1);
  }
  const { phone = '', since = 0 } = challenge ?? {};
  const codes = codesOf(pool, phone).filter(({ at }) => at >= since);
  return picked(codes, slot.pick)?.code ?? '000000';
}

const phones: Record<string, (filling: Filling, slot: Slot) => string> = {
  fresh: ({ fresh }) => fresh.phone,
  local: ({ fresh }) => arabic(fresh.phone.replace('+966', '0')),
  own: (filling, slot) => owner(filling, slot).phone,
  landline: () => '0112345678',
  abroad: () => '+971501234567',
};

const fillings: Record<string, Fill> = {
  phone: (slot, filling) => phones[slot.variant]?.(filling, slot) ?? unknownSlot(slot),
  username: (slot, filling) =>
    slot.variant === 'nationalId'
      ? owner(filling, slot).nationalId
      : slot.variant === 'fresh'
        ? username()
        : (slot.variant === 'own' ? owner : anyone)(filling, slot).username,
  nationalId: (slot, filling) =>
    slot.variant === 'fresh'
      ? nationalId()
      : (slot.variant === 'own' ? owner : anyone)(filling, slot).nationalId,
  password: presentPassword,
  currentPassword: presentPassword,
  newPassword: newSecret,
  confirmPassword: newSecret,
  purpose: () => local.relyingServices[0]?.purposes[0] ?? '',
  display: ({ pick }) => (pick < 0.5 ? 'وصفة ' : 'Prescription ') + Math.floor(pick * 1e4),
  termsVersion: ({ variant }) => (variant === 'current' ? termsVersion : '2020-01'),
  ticket: secretOf(({ ticket }) => ticket?.secret),
  enrolment: secretOf(({ enrolment }) => enrolment?.secret),
  refreshToken: secretOf((filling, slot) => owner(filling, slot).refreshTokens.at(-1)),
  device: secretOf((filling, slot) => owner(filling, slot).devices.at(-1)),
  'challenges.id': secretOf(({ challenge }) => challenge?.id),
  'sessions.id': (slot, filling) => {
    const from = slot.variant === 'another' ? anyone(filling, slot) : owner(filling, slot);
    const id = picked(from.sessions, slot.pick) ?? unique();
    return slot.variant === 'tampered' ? tampered(id, slot.pick) : id;
  },
  method: (_, { actor }) => (actor?.totpSecret ? 'totp' : 'sms'),
  code: (slot, filling) => {
    const right = rightCode(slot, filling);
    if (slot.variant === 'wrong') return otherCode(right);
    return slot.variant === 'arabic' ? arabic(right) : right;
  },
  'accept-language': ({ variant }) => variant,
  'idempotency-key': ({ variant, pick }, { pool }) => {
    const used = variant === 'used' ? picked(pool.idempotencyKeys, pick) : undefined;
    const key = used ?? unique();
    pool.idempotencyKeys.push(key);
    return key;
  },
};

const otherCode = (right: string) =>
  /^\d+$/.test(right)
    ? String((Number(right) + 1) % 10 ** right.length).padStart(6, '0')
    : '000000';

export const freshValues = () => ({ phone: phone(), password: `${password} ${unique()}` });
