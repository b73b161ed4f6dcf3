import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../local/event-sources/event-filter.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: {
    Keys: { pk: { S: 'challenge#1' } },
    NewImage: { outbox: { N: '1' }, name: { S: 'Noura' } },
    SizeBytes: 12,
  },
};

const pk = (matcher: unknown) => ({ dynamodb: { Keys: { pk: { S: [matcher] } } } });
const size = (...numeric: unknown[]) => ({ dynamodb: { SizeBytes: [{ numeric }] } });

describe('an event filter', () => {
  it.each([
    [{ eventName: ['INSERT', 'MODIFY'] }, true],
    [{ eventName: ['REMOVE'] }, false],
    [
      { eventName: ['INSERT'], dynamodb: { NewImage: { outbox: { N: [{ exists: true }] } } } },
      true,
    ],
    [
      { eventName: ['REMOVE'], dynamodb: { NewImage: { outbox: { N: [{ exists: true }] } } } },
      false,
    ],
    [{ dynamodb: { NewImage: { sent: { N: [{ exists: true }] } } } }, false],
    [{ dynamodb: { NewImage: { sent: { N: [{ exists: false }] } } } }, true],
    [{ dynamodb: { OldImage: { sent: { N: [{ exists: false }] } } } }, true],
    [pk({ prefix: 'challenge#' }), true],
    [pk({ prefix: 'account#' }), false],
    [pk({ suffix: '#1' }), true],
    [pk({ 'anything-but': ['challenge#1', 'challenge#2'] }), false],
    [pk({ 'anything-but': { prefix: 'account#' } }), true],
    [{ dynamodb: { NewImage: { none: [{ 'anything-but': 'x' }] } } }, false],
    [size('>', 10, '<=', 12), true],
    [size('>', 12), false],
    // DynamoDB's numbers are text: `numeric` never matches them, also on AWS.
    [{ dynamodb: { NewImage: { outbox: { N: [{ numeric: ['=', 1] }] } } } }, false],
    [{ $or: [{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }] }, true],
    [{}, true],
  ])('%j: %s', (pattern, matches) => {
    expect(compilePattern(pattern)(record)).toBe(matches);
  });

  it.each([
    [{ eventName: [{ wildcard: 'IN*' }] }, 'wildcard'],
    [{ eventName: 'INSERT' }, 'INSERT'],
    [size('!=', 1), '!='],
  ])('fails at the start when it does not know %j', (pattern, named) => {
    expect(() => compilePattern(pattern)).toThrow(named);
  });
});
