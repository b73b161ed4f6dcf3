import { describe, expect, it } from 'vitest';
import { routes } from '#core/model/routes.ts';
import { stageConfig } from '../../lib/config/stage-config.ts';
import { prod } from '../../lib/config/stages/prod.ts';
import { type ThrottledCall, throttledCalls, throttleOf } from '../../lib/config/throttles.ts';
import { only, resources, stages, synthesise, type Template } from '../support/infra/synth.ts';
import { wholeStage } from '../support/infra/whole-stage.ts';

interface Setting {
  readonly HttpMethod: string;
  readonly ResourcePath: string;
  readonly ThrottlingRateLimit: number;
  readonly ThrottlingBurstLimit: number;
}

/** The settings of a stage, by call: `POST /sessions`, and `* *` for the whole. */
function settingsOf(api: Template): Record<string, Setting> {
  const { MethodSettings } = only(api, 'AWS::ApiGateway::Stage').Properties;
  return Object.fromEntries(
    (MethodSettings as Setting[]).map((setting) => [
      `${setting.HttpMethod} ${setting.ResourcePath.replace(/^\//, '').replaceAll('~1', '/')}`,
      setting,
    ]),
  );
}

const settings = settingsOf(stages.prod().api);

describe('the throttles of API Gateway', () => {
  it('are one for each call, so that a flood of one call leaves the others open', () => {
    const calls = routes.flatMap(({ method, path }) =>
      (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((each) => `${each} ${path}`),
    );
    expect(Object.keys(settings).toSorted()).toEqual(['* *', ...calls].toSorted());
    for (const call of throttledCalls.filter((one) => one in settings)) {
      expect(settings[call], call).toMatchObject({
        ThrottlingRateLimit: prod.throttles[call].ratePerSecond,
        ThrottlingBurstLimit: prod.throttles[call].burst,
      });
    }
  });

  it('include that of receipts where the stage takes them', () => {
    const { api } = synthesise(wholeStage);
    const methods = resources(api, 'AWS::ApiGateway::Method').length;
    expect(Object.keys(settingsOf(api))).toHaveLength(methods + 1);
    expect(settingsOf(api)).toHaveProperty(['POST /receipts/{provider}']);
  });

  it('of a HEAD is that of its GET, and of the preflights of a path that of its calls', () => {
    const { api } = synthesise(wholeStage);
    const { throttles } = wholeStage;
    expect(settingsOf(api)['HEAD /terms']).toMatchObject({
      ThrottlingRateLimit: throttles['GET /terms'].ratePerSecond,
      ThrottlingBurstLimit: throttles['GET /terms'].burst,
    });
    const calls = throttleOf(throttles, ['GET /account/sessions', 'DELETE /account/sessions']);
    expect(settingsOf(api)['OPTIONS /account/sessions']).toMatchObject({
      ThrottlingRateLimit: calls.ratePerSecond,
      ThrottlingBurstLimit: calls.burst,
    });
  });

  it.each([
    ['a stage', settings],
    ['a stage with everything', settingsOf(synthesise(wholeStage).api)],
  ])('together stay within that of %s', (_which, { '* *': whole, ...calls }) => {
    const sum = (name: 'ThrottlingRateLimit' | 'ThrottlingBurstLimit') =>
      Object.values(calls).reduce((total, one) => total + one[name], 0);
    expect(whole?.ThrottlingRateLimit).toBeGreaterThanOrEqual(sum('ThrottlingRateLimit'));
    expect(whole?.ThrottlingBurstLimit).toBeGreaterThanOrEqual(sum('ThrottlingBurstLimit'));
  });

  it('of one call can be changed by a stage without naming the others', () => {
    const { throttles } = stageConfig({
      stage: 'qa',
      portalHost: 'qa.portal.example.gov.sa',
      registrationNumber: '1234567890',
      smsSenderId: 'HAWIYA',
      termsVersion: '2026-11',
      throttles: { 'POST /sessions': { ratePerSecond: 3, burst: 4 } },
    });
    expect(throttles).toEqual({
      ...prod.throttles,
      'POST /sessions': { ratePerSecond: 3, burst: 4 },
    });
  });
});

describe('the default throttles', () => {
  const rate = (...calls: ThrottledCall[]) => throttleOf(prod.throttles, calls).ratePerSecond;

  it('of calls that check a password stay below Cognito’s 120 authentications a second', () => {
    const checked = rate(
      'POST /sessions',
      'POST /account/password',
      'POST /account/phone',
      'POST /account/close',
      'POST /account/authenticators/totp',
      'DELETE /account/authenticators/totp',
      'POST /account/recovery-codes',
    );
    expect(checked).toBeLessThanOrEqual(120);
  });

  it('of calls that make a user stay below Cognito’s 50 creations a second', () => {
    const made = rate('POST /registrations/complete', 'POST /password-resets/complete');
    expect(made).toBeLessThanOrEqual(50);
  });

  it('of calls that set a password, some of them twice, stay below Cognito’s 30 a second', () => {
    const twice = rate('POST /password-resets/complete', 'POST /account/password');
    expect(rate('POST /registrations/complete') + 2 * twice).toBeLessThanOrEqual(30);
  });

  it('together stay below the 2,500 requests a second that a small region gives an AWS account', () => {
    for (const { api } of [stages.prod(), synthesise(wholeStage)]) {
      expect(settingsOf(api)['* *']?.ThrottlingRateLimit).toBeLessThanOrEqual(2500);
    }
  });

  it('let no single call fill Lambda’s 1,000 concurrent runs of an account, should each run to its 10 seconds', () => {
    const { '* *': _, ...methods } = settingsOf(synthesise(wholeStage).api);
    for (const [method, { ThrottlingRateLimit, ThrottlingBurstLimit }] of Object.entries(methods)) {
      expect(10 * ThrottlingRateLimit + ThrottlingBurstLimit, method).toBeLessThan(1000);
    }
  });
});
