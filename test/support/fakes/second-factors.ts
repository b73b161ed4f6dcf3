import type { Account } from '#core/model/account.ts';
import type { Records } from '#core/model/records.ts';
import type { FactorProof } from '#core/model/second-factor.ts';
import type { FactorUse, SecondFactorStore } from '#core/ports/second-factor-store.ts';
import type { HeldChallenge } from './challenge-store.ts';
import { hasSameSessions } from './same-sessions.ts';

/** Second factors in memory, on the maps of the account fake and the challenge fake. */
export function fakeSecondFactors<Stored extends Account>(
  accounts: Map<string, Stored>,
  challenges: Map<string, HeldChallenge & { earned?: true }>,
  written: Partial<Records>[] = [],
): SecondFactorStore {
  function same({ usernameTag, userId }: Pick<Account, 'usernameTag' | 'userId'>) {
    const found = accounts.get(usernameTag);
    const open = found?.status === 'active' || found?.status === 'closing';
    return open && found.userId === userId ? found : undefined;
  }

  function usedUp(account: Stored, proof: FactorProof): Stored | undefined {
    if (proof.method === 'totp') {
      const { totp } = account;
      const fits = totp && totp.lastStep < proof.step && totp.secret === proof.secret;
      return fits ? { ...account, totp: { ...totp, lastStep: proof.step } } : undefined;
    }
    const { recoveryCodes = [], ...rest } = account;
    if (!recoveryCodes.includes(proof.tag)) return undefined;
    const left = recoveryCodes.filter((tag) => tag !== proof.tag);
    return { ...rest, ...(left.length > 0 && { recoveryCodes: left }) } as Stored;
  }

  function given(method: FactorProof['method'], use: FactorUse): HeldChallenge | undefined {
    const challenge = challenges.get(use.idHash);
    if (use.kind === 'ticket') {
      const mine = challenge?.status === 'in-use' && challenge.usedBy === use.usedBy;
      return mine ? { ...challenge, secondFactor: method } : undefined;
    }
    const open =
      challenge?.status === 'pending' &&
      challenge.methods?.includes(method) &&
      (challenge.expiresAt ?? challenge.sendBy) > use.now;
    if (!open) return undefined;
    const earned = { earned: true as const };
    const { ticketExpiresAt, nonce: verifiedBy } = use;
    const verified = { status: 'verified' as const, ticketExpiresAt, verifiedBy };
    return { ...challenge, ...verified, verifiedWith: method, ...earned };
  }

  return {
    async takeFactor(of, proof, use, records) {
      const found = same(of);
      const account = found && usedUp(found, proof);
      if (!account) return { kind: 'used' };
      const challenge = given(proof.method, use);
      if (!challenge) return { kind: 'lost' };
      accounts.set(of.usernameTag, account);
      challenges.set(use.idHash, challenge);
      written.push(records);
      return { kind: 'taken' };
    },

    async enrolTotp(of, { totp, recoveryCodes, offeredAt }, records) {
      const found = same(of);
      if (found?.status !== 'active' || (found.factorsChangedAt ?? 0) >= offeredAt)
        return { kind: 'gone' };
      if (!hasSameSessions(found, of)) return { kind: 'gone' };
      accounts.set(of.usernameTag, {
        ...found,
        totp,
        recoveryCodes,
        factorsChangedAt: totp.confirmedAt,
      });
      written.push(records);
      return { kind: 'changed' };
    },
  };
}
