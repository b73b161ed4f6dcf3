import { expect, it } from 'vitest';
import { callOf } from '../../../lambdas/http/call.ts';
import { apiEvent } from '../../support/fakes/api-event.ts';

it('an id longer than any of ours is dropped, so that no table key is built from it', () => {
  const idOf = (id: string) =>
    callOf(apiEvent('GET /challenges/{id}', { pathParameters: { id } })).pathParameters;
  expect(idOf('x'.repeat(128))).toEqual({ id: 'x'.repeat(128) });
  expect(idOf('x'.repeat(129))).toEqual({});
});
