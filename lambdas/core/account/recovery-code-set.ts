import type { Tagger } from '../crypto/keys.ts';
import type { Account } from '../model/account.ts';
import { recoveryCodeTag } from '../model/second-factor.ts';
import type { Ports } from '../ports/index.ts';
import { recoveryCode, recoveryCodeBytes, recoveryCodesPerSet } from '../values/recovery-code.ts';

type Needs = Pick<Ports, 'entropy'>;

export const newRecoveryCodes = ({ entropy }: Needs): string[] =>
  Array.from({ length: recoveryCodesPerSet }, () => recoveryCode(entropy(recoveryCodeBytes)));

export const tagsOf = (
  tagger: Tagger,
  account: Pick<Account, 'holder'>,
  codes: readonly string[],
): string[] => codes.map((code) => recoveryCodeTag(tagger, account, code));
