import { beforeEach, describe, expect, it } from 'vitest';
import { seal } from '#core/crypto/seal.ts';
import { logIn } from '#core/flows/log-in.ts';
import { startClosing } from '#core/flows/start-closing.ts';
import { createRefusedDevices } from '#core/session/refused-devices.ts';
import { maskUsername } from '#core/values/masked-username.ts';
import { nationalId, origin, phone, unique } from '../support/fakes/builders.ts';
import { type Human, openEngine } from '../support/world/engine.ts';
import { implementations } from '../support/world/stores.ts';

const language = 'en' as const;

/** An SMS says for which account it is where its phone has several (docs/decisions/0055). */
describe.each(implementations)('an SMS to a phone, in %s', (_, open) => {
  let engine: ReturnType<typeof openEngine>;
  beforeEach(async () => {
    engine = openEngine(await open());
  });

  const registered = (number: string) =>
    engine.register({
      username: `u${unique()
        .toLowerCase()
        .replace(/[^a-z0-9]/g, '')}`,
      nationalId: nationalId(),
      phone: number,
      password: 'a perfectly fine passphrase',
    });
  const newest = ({ phone: number }: Human) => engine.textsTo(number).at(-1) ?? '';

  const startLogin = async ({ username, password }: Human, ports = engine.ports) => {
    const login = await logIn({
      ...ports,
      secondFactor: 'always',
      refusedDevices: createRefusedDevices(engine.clock),
    })({ username, password, tokensIn: 'body', address: engine.someAddress(), origin, language });
    if (login.kind === 'opened') throw new Error('No second factor was due');
    return login.challenge.id;
  };
  const close = async (human: Human) => {
    const subject = await engine.logIn(human);
    const { password: currentPassword } = human;
    const input = { currentPassword, address: engine.someAddress(), language };
    return (await startClosing(engine.ports)(subject, input)).id;
  };
  /** Each way to a code for an account. @returns the SMS */
  const ways: Readonly<Record<string, (human: Human) => Promise<string>>> = {
    login: async (human) => {
      await engine.deliver(await startLogin(human));
      return newest(human);
    },
    reset: async (human) => {
      await engine.sendReset(human);
      return newest(human);
    },
    closing: async (human) => {
      await engine.deliver(await close(human));
      return newest(human);
    },
  };

  it.each(Object.entries(ways))(
    'of a %s names the account only where the phone has several',
    async (_way, codeFor) => {
      const number = phone();
      const first = await registered(number);
      expect(await codeFor(first)).not.toContain('***');
      engine.clock.advance(3600);
      const second = await registered(number);
      for (const human of [first, second]) {
        engine.clock.advance(3600);
        const text = await codeFor(human);
        expect(text.split('\n')[1]).toBe(maskUsername(human.username));
        expect(text).not.toContain(human.username);
        expect(text).toMatch(/\n@portal\.example\.gov\.sa #\d{6}$/);
      }
    },
  );

  it('carries no text that a function in an attacker’s hands put in the place of the name', async () => {
    const number = phone();
    const [human] = [await registered(number), await registered(number)];
    const { start } = engine.ports.challenges;
    const { current } = await engine.ports.phoneSealKeys();
    for (const text of ['Call 0500000000', 'sa***a\nhttps://evil.test', human.username]) {
      engine.clock.advance(3600);
      const ports = {
        ...engine.ports,
        challenges: {
          ...engine.ports.challenges,
          start: (...[challenge, ...rest]: Parameters<typeof start>) => {
            const context = `shown-name:${challenge.phoneTag}`;
            const shownName = seal(current, engine.ports.entropy, context, text);
            return start({ ...challenge, shownName }, ...rest);
          },
        },
      };
      await engine.deliver(await startLogin(human, ports));
      expect(newest(human)).toMatch(/#\d{6}$/);
      expect(newest(human).split('\n')).toHaveLength(2);
    }
  });
});
