import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { announce, spoken } from '../../../portal/src/state/announce.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('an announcement is spoken again when it is repeated, and is cleared afterwards', () => {
  announce('Two fields', 'assertive');
  vi.advanceTimersByTime(100);
  expect(spoken.assertive.value).toBe('Two fields');
  vi.advanceTimersByTime(4_000);
  announce('Two fields', 'assertive');
  expect(spoken.assertive.value).toBe('');
  vi.advanceTimersByTime(4_000);
  expect(spoken.assertive.value).toBe('Two fields');
  vi.advanceTimersByTime(2_000);
  expect([spoken.assertive.value, spoken.polite.value]).toEqual(['', '']);
});
