import type { ComponentChildren } from 'preact';
import { FailureNotice } from '../../ui/notice.tsx';
import { LoadingMessage } from '../../ui/spinner.tsx';
import { type Account, useAccount } from './account-state.ts';

interface WithAccountProps {
  readonly children: (account: Account) => ComponentChildren;
}

/** What needs the account, as soon as it is here. */
export function WithAccount({ children }: WithAccountProps) {
  const { account, failure, again } = useAccount();
  const known = account.value;
  return (
    <>
      <FailureNotice failure={failure.value} onRetry={again} />
      {known ? children(known) : !failure.value && <LoadingMessage />}
    </>
  );
}
