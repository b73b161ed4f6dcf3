import type { Failure } from '../state/failure.ts';
import { LoadingMessage } from './loading.tsx';
import { FailureNotice } from './notice.tsx';

interface LoadingOrFailureProps {
  readonly failure: Failure | undefined;
  readonly onRetry: () => void;
}

/** Stands in for content that is loading, or that could not be loaded. */
export const LoadingOrFailure = ({ failure, onRetry }: LoadingOrFailureProps) =>
  failure ? <FailureNotice failure={failure} onRetry={onRetry} /> : <LoadingMessage />;
