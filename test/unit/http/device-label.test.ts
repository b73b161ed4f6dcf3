import { describe, expect, it } from 'vitest';
import { deviceLabel } from '../../../lambdas/http/device-label.ts';

const mozilla = 'Mozilla/5.0';
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const mac = `${mozilla} (Macintosh; Intel Mac OS X 10_15_7)`;
const iphone = `${mozilla} (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)`;

describe('the label of a device', () => {
  it.each([
    [
      'Chrome, Android',
      `${mozilla} (Linux; Android 10; K) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`,
    ],
    [
      'Samsung Internet, Android',
      `${mozilla} (Linux; Android 14; SM-S911B) ${webkit} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36`,
    ],
    [
      'Edge, Windows',
      `${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    ],
    ['Firefox, Linux', `${mozilla} (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0`],
    [
      'Safari, macOS',
      `${mac} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15`,
    ],
    ['Safari, iOS', `${iphone} Version/18.1 Mobile/15E148 Safari/604.1`],
    ['Chrome, iOS', `${iphone} CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1`],
    ['Sehhaty, iOS', 'Sehhaty/3.12 (iPhone; iOS 18.1; Scale/3.00)'],
    ['curl', 'curl/8.5.0'],
    ['Windows', `${mozilla} (Windows NT 10.0)`],
    ['Unknown', 'something else entirely'],
    ['Unknown', ''],
    ['Unknown', undefined],
  ])('names the families of %s', (label, userAgent) => {
    expect(deviceLabel(userAgent)).toBe(label);
  });

  it('is never longer than an app’s name of 20 characters and a system, and is found quickly', () => {
    const startedAt = performance.now();
    for (const text of [
      'Version/'.repeat(10_000),
      `${'a'.repeat(9000)}/1`,
      `${'x'.repeat(21)}/1`,
    ]) {
      expect(deviceLabel(text)).toBe('Unknown');
    }
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});
