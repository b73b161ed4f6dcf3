import type { Account, AccountClaim, Places } from '../../../lambdas/core/account.ts';
import type { ChallengeStore } from '../../../lambdas/core/challenge-ports.ts';
import type { AccountStore } from '../../../lambdas/core/ports.ts';

interface Claim {
  readonly active: boolean;
  readonly holder: string;
  readonly lapsesAt: number;
}

/** Accounts in memory. */
export function fakeAccountStore(challenges: ChallengeStore): AccountStore {
  const accounts = new Map<string, Account & { claim: Claim }>();
  const identities = new Map<string, Claim>();
  const phones = new Map<string, Places>();

  const claimable = (claim: Claim | undefined, holder: string, now: number) =>
    !claim || (!claim.active && (claim.holder === holder || claim.lapsesAt <= now));

  function isHeldBy({ account, holder }: AccountClaim): boolean {
    return (
      accounts.get(account.usernameTag)?.claim.holder === holder &&
      identities.get(account.identityTag)?.holder === holder &&
      phones.get(account.phoneTag)?.[holder] !== undefined
    );
  }

  return {
    async find(usernameTag) {
      const found = accounts.get(usernameTag);
      if (!found) return undefined;
      const { claim: _, ...account } = found;
      return account;
    },

    async claim({ account, holder, lapsesAt, accountsPerPhone }, now) {
      const { usernameTag, identityTag, phoneTag } = account;
      const standing = accounts.get(usernameTag)?.claim;
      if (!claimable(standing, holder, now)) {
        const done = standing?.active && standing.holder === holder;
        return { kind: done ? 'already-active' : 'username-taken' };
      }
      if (!claimable(identities.get(identityTag), holder, now)) {
        return { kind: 'identity-registered' };
      }
      const places = phones.get(phoneTag);
      const has = places?.[holder] !== undefined;
      if (!places || (!has && Object.keys(places).length >= accountsPerPhone)) {
        return { kind: 'phone-full', places: places ?? {} };
      }
      const claim = { active: false, holder, lapsesAt };
      accounts.set(usernameTag, { ...account, claim });
      identities.set(identityTag, claim);
      phones.set(phoneTag, { ...places, [holder]: lapsesAt });
      return { kind: 'claimed' };
    },

    async activate(claim, { usedBy, userId }) {
      const { account, holder } = claim;
      if (!isHeldBy(claim)) return { kind: 'lost' };
      if ((await challenges.spendTicket(holder, usedBy)).kind === 'lost') return { kind: 'lost' };
      const active = { active: true, holder, lapsesAt: 0 };
      accounts.set(account.usernameTag, { ...account, status: 'active', userId, claim: active });
      identities.set(account.identityTag, active);
      phones.set(account.phoneTag, { ...phones.get(account.phoneTag), [holder]: 0 });
      return { kind: 'activated' };
    },

    async bindUser(usernameTag, userId) {
      const account = accounts.get(usernameTag);
      if (account?.status !== 'active') return { kind: 'gone' };
      accounts.set(usernameTag, { ...account, userId });
      return { kind: 'bound' };
    },

    async openPlaces(phoneTag) {
      const places = phones.get(phoneTag) ?? {};
      phones.set(phoneTag, places);
      return places;
    },

    async prunePlaces(phoneTag, lapsed) {
      const places = phones.get(phoneTag) ?? {};
      const unchanged = Object.entries(lapsed).every(([tag, at]) => places[tag] === at);
      if (!unchanged) return;
      const left = Object.entries(places).filter(([tag]) => !(tag in lapsed));
      phones.set(phoneTag, Object.fromEntries(left));
    },
  };
}
