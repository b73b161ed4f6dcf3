export type ProblemCode =
  | 'invalid_request'
  | 'unauthenticated'
  | 'not_found'
  | 'too_many_requests'
  | 'unavailable';
