import type { Account, AccountClaim } from '#core/model/account.ts';
import type { PhoneSlots } from '#core/model/phone-slots.ts';
import type { Records } from '#core/model/records.ts';
import type { AccountStore } from '#core/ports/account-store.ts';
import type { ChallengeStore } from '#core/ports/challenge-store.ts';
import type { SessionStore } from '#core/ports/session-store.ts';
import type { HeldChallenge } from './challenge-store.ts';
import { hasSameSessions } from './same-sessions.ts';
import { fakeSecondFactors } from './second-factors.ts';

/** An account as the fake keeps it. The fake of sessions adds usernames. */
export type HeldAccount = Account & { claim: Claim };

interface Claim {
  readonly active: boolean;
  readonly holder: string;
  readonly lapsesAt: number;
}

/** Accounts in memory. */
export function fakeAccountStore(
  challenges: ChallengeStore,
  written?: Partial<Records>[],
  sessions?: SessionStore,
  challengeItems = new Map<string, HeldChallenge>(),
  accounts = new Map<string, HeldAccount>(),
): AccountStore {
  const identities = new Map<string, Claim>();
  const phones = new Map<string, PhoneSlots>();

  const claimable = (claim: Claim | undefined, holder: string, now: number) =>
    !claim || (!claim.active && (claim.holder === holder || claim.lapsesAt <= now));

  function isHeldBy({ account, holder }: AccountClaim): boolean {
    return (
      accounts.get(account.usernameTag)?.claim.holder === holder &&
      identities.get(account.identityTag)?.holder === holder &&
      phones.get(account.phoneTag)?.[holder] !== undefined
    );
  }

  function same({ usernameTag, userId, phoneTag }: Account, status: Account['status'] = 'active') {
    const found = accounts.get(usernameTag);
    const fits = found?.status === status && found.userId === userId && found.phoneTag === phoneTag;
    return fits ? found : undefined;
  }

  function leavePhone(phoneTag: string, holder: string): void {
    const left = Object.entries(phones.get(phoneTag) ?? {}).filter(([tag]) => tag !== holder);
    phones.set(phoneTag, Object.fromEntries(left));
  }

  function keepSlot(phoneTag: string, holder: string, lapsesAt: number): void {
    phones.set(phoneTag, { ...phones.get(phoneTag), [holder]: lapsesAt });
  }

  return {
    ...fakeSecondFactors(accounts, challengeItems, written),

    async usernameTagOf(identityTag) {
      return [...accounts.values()].find((of) => of.identityTag === identityTag)?.usernameTag;
    },

    async find(usernameTag) {
      const found = accounts.get(usernameTag);
      if (!found) return undefined;
      const { claim, ...account } = found;
      return { ...account, holder: claim.holder };
    },

    async change(of, { remove = [], ...set }, records, authority) {
      const { usernameTag, userId } = of;
      const proof = authority === 'session' ? undefined : authority;
      const found = accounts.get(usernameTag);
      if (found?.status !== 'active' || found.userId !== userId) return { kind: 'gone' };
      if (authority === 'session' && !hasSameSessions(found, of)) return { kind: 'gone' };
      if (proof && proof.phoneTag !== found.phoneTag) return { kind: 'gone' };
      const { notifiedBy, ticket } = proof ?? {};
      if (notifiedBy) {
        const used = challengeItems.get(notifiedBy.idHash);
        const mine = used?.usedBy === notifiedBy.usedBy;
        if (mine && used?.told) return { kind: 'told' };
        if (!mine || used?.status !== 'in-use') return { kind: 'lost' };
        challengeItems.set(notifiedBy.idHash, { ...used, told: true });
      }
      if (ticket) {
        const spent = await challenges.spendTicket(ticket.idHash, ticket.usedBy);
        if (spent.kind === 'lost') return { kind: 'lost' };
      }
      const endsAll = 'sessionsValidFrom' in set && !('exceptSession' in set);
      const gone: string[] = [...remove, ...(endsAll ? ['exceptSession'] : [])];
      const kept = Object.entries(found).filter(([name]) => !gone.includes(name));
      accounts.set(usernameTag, { ...(Object.fromEntries(kept) as typeof found), ...set });
      written?.push(records);
      return { kind: 'changed' };
    },

    async movePhone(of, { accountsPerPhone, hold, ...to }, records, ticket) {
      const found = same(of);
      if (!found || !hasSameSessions(found, of)) return { kind: 'gone' };
      const { holder } = found.claim;
      const places = phones.get(to.phoneTag) ?? {};
      if (places[holder] === undefined && Object.keys(places).length >= accountsPerPhone)
        return { kind: 'phone-full', slots: places };
      keepSlot(to.phoneTag, holder, 0);
      const spent = await challenges.spendTicket(ticket.idHash, ticket.usedBy);
      if (spent.kind === 'lost') {
        phones.set(to.phoneTag, places);
        return { kind: 'lost' };
      }
      const { formerPhone: __, formerPhoneTag: ___, phoneHeldFrom: ____, ...held } = found;
      const { phoneHeldUntil: _, ...rest } = held;
      accounts.set(of.usernameTag, { ...rest, ...to, ...hold });
      leavePhone(of.phoneTag, holder);
      if (hold) keepSlot(hold.formerPhoneTag, holder, hold.phoneHeldUntil);
      keepSlot(to.phoneTag, holder, 0);
      written?.push(records);
      return { kind: 'moved' };
    },

    async restorePhone(of, { now, sessionsValidFrom, dropsFactors }, records, ticket) {
      const found = same(of);
      const sameHold =
        found?.phoneHeldUntil === of.phoneHeldUntil &&
        found?.formerPhoneTag === of.formerPhoneTag &&
        (found?.phoneHeldUntil ?? 0) > now;
      const sameFactors = found?.factorsChangedAt === of.factorsChangedAt;
      if (!found || !sameHold || !sameFactors) return { kind: 'gone' };
      const { formerPhone: _, formerPhoneTag: __, exceptSession: ___, ...rest } = found;
      const used = challengeItems.get(ticket.idHash);
      if (used?.status !== 'in-use' || used.usedBy !== ticket.usedBy) return { kind: 'lost' };
      const { phoneHeldUntil: restoredUntil } = found;
      challengeItems.set(ticket.idHash, { ...used, status: 'spent', restoredUntil });
      const {
        resetFrom: ____,
        phoneHeldFrom: _____,
        totp,
        recoveryCodes,
        factorsChangedAt,
        ...kept
      } = rest;
      const factors = {
        ...(totp && { totp }),
        ...(recoveryCodes && { recoveryCodes }),
        ...(factorsChangedAt !== undefined && { factorsChangedAt }),
      };
      const back = { phone: of.formerPhone, phoneTag: of.formerPhoneTag, sessionsValidFrom };
      accounts.set(of.usernameTag, {
        ...kept,
        ...back,
        ...(dropsFactors ? { factorsChangedAt: now } : factors),
      });
      leavePhone(of.phoneTag, found.claim.holder);
      keepSlot(of.formerPhoneTag, found.claim.holder, 0);
      written?.push(records);
      return { kind: 'restored' };
    },

    async beginClosing(of, now) {
      if (same(of, 'closing')) return { kind: 'closing' };
      const found = same(of);
      if (!found || (found.phoneHeldUntil ?? 0) > now) return { kind: 'gone' };
      if (!hasSameSessions(found, of)) return { kind: 'gone' };
      accounts.set(of.usernameTag, { ...found, status: 'closing' });
      return { kind: 'closing' };
    },

    async close(of, _sessionId, records, ticket) {
      const found = same(of, 'closing');
      if (!found) return { kind: 'gone' };
      const spent = await challenges.spendTicket(ticket.idHash, ticket.usedBy);
      if (spent.kind === 'lost') return { kind: 'lost' };
      accounts.delete(of.usernameTag);
      identities.delete(of.identityTag);
      leavePhone(of.phoneTag, found.claim.holder);
      await sessions?.eraseAll(of.userId ?? '');
      written?.push(records);
      return { kind: 'closed' };
    },

    async claim({ account, holder, lapsesAt, accountsPerPhone, elsewhere }, now) {
      const { usernameTag, identityTag, phoneTag } = account;
      const standing = accounts.get(usernameTag)?.claim;
      if (standing?.active && standing.holder === holder) return { kind: 'already-active' };
      const places = phones.get(phoneTag);
      const has = places?.[holder] !== undefined;
      if (!places || (!has && Object.keys(places).length >= accountsPerPhone)) {
        return { kind: 'phone-full', slots: places ?? {} };
      }
      const names = [usernameTag, ...elsewhere.usernameTags];
      if (!names.every((tag) => claimable(accounts.get(tag)?.claim, holder, now))) {
        return { kind: 'username-taken' };
      }
      const ids = [identityTag, ...elsewhere.identityTags];
      if (!ids.every((tag) => claimable(identities.get(tag), holder, now))) {
        return { kind: 'identity-registered' };
      }
      const claim = { active: false, holder, lapsesAt };
      accounts.set(usernameTag, { ...account, claim });
      identities.set(identityTag, claim);
      phones.set(phoneTag, { ...places, [holder]: lapsesAt });
      return { kind: 'claimed' };
    },

    async activate(claim, { usedBy, userId }, records) {
      const { account, holder } = claim;
      if (!isHeldBy(claim)) return { kind: 'lost' };
      if ((await challenges.spendTicket(holder, usedBy)).kind === 'lost') return { kind: 'lost' };
      const active = { active: true, holder, lapsesAt: 0 };
      accounts.set(account.usernameTag, { ...account, status: 'active', userId, claim: active });
      identities.set(account.identityTag, active);
      phones.set(account.phoneTag, { ...phones.get(account.phoneTag), [holder]: 0 });
      written?.push(records);
      return { kind: 'activated' };
    },

    async bindUser({ usernameTag, identityTag, userId: former }, userId) {
      const found = accounts.get(usernameTag);
      if (found?.identityTag !== identityTag) return { kind: 'gone' };
      const had = found.formerUserIds?.includes(former ?? '');
      if (found.status === 'active' && found.userId === userId && had) return { kind: 'bound' };
      const open = found.status === 'active' || found.status === 'closing';
      if (!open || found.userId !== former) return { kind: 'gone' };
      const formerUserIds = [...(found.formerUserIds ?? []), former ?? ''];
      const kept = former !== userId && { formerUserIds };
      accounts.set(usernameTag, { ...found, status: 'active', userId, ...kept });
      return { kind: 'bound' };
    },

    async openSlots(phoneTag) {
      const places = phones.get(phoneTag) ?? {};
      phones.set(phoneTag, places);
      return places;
    },

    async pruneSlots(phoneTag, lapsed) {
      const places = phones.get(phoneTag) ?? {};
      const unchanged = Object.entries(lapsed).every(([tag, at]) => places[tag] === at);
      if (!unchanged) return;
      const left = Object.entries(places).filter(([tag]) => !(tag in lapsed));
      phones.set(phoneTag, Object.fromEntries(left));
    },
  };
}
