import { expect, it } from 'vitest';
import { callOf } from '../../../lambdas/http/call.ts';
import { apiEvent } from '../../support/fakes/api-event.ts';

it('an id that is longer than any of ours is none: no key of the table is made of it', () => {
  const idOf = (id: string) =>
    callOf(apiEvent('GET /challenges/{id}', { pathParameters: { id } })).pathParameters;
  expect(idOf('x'.repeat(128))).toEqual({ id: 'x'.repeat(128) });
  expect(idOf('x'.repeat(129))).toEqual({});
});
