import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { announce, spoken } from '../../../portal/src/state/announce.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('what was said is said again when it is said twice, and is found by nobody later', () => {
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
