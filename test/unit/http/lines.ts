import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Collects what the code under test writes to its log; `lines()` returns all lines of the running
 * test.
 */
export function collectLog(): { lines(): Record<string, unknown>[]; text(): string } {
  let written: string[] = [];
  beforeEach(() => {
    written = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return {
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => written.join(''),
  };
}
