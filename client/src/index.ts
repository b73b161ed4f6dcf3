export { createClient } from './client.ts';
export {
  Aborted,
  HawiyaError,
  HawiyaProblem,
  isProblem,
  NoAnswer,
  type ProblemCode,
  type ProblemDocument,
  type SessionEnd,
  UnreadableAnswer,
} from './problem.ts';
export type { components } from './schema.ts';
export type { RefreshTokenStore } from './session.ts';
export type {
  Answer,
  CallOptions,
  Client,
  ClientOptions,
  Input,
  Language,
  OperationName,
} from './types.ts';
