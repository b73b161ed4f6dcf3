import type { ComponentChildren } from 'preact';
import { LoadingMessage } from '../../ui/loading.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { type Account, useAccount } from './account-state.ts';

interface WithAccountProps {
  readonly children: (account: Account) => ComponentChildren;
}

/** Renders its children once the account is loaded. */
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
