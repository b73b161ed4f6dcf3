import { waitUntil } from '../wait-until.ts';
import type { Person, World } from './world.ts';

/** A person who is logged in, with the calls on that person's account. */
export interface Owner extends Person {
  readonly token: string;
  readonly refreshToken: string;
}

/** The messages that contain a code, by the purpose of the code. */
export const codeTexts = {
  phone: /Your code to use this phone: (\d{6})/,
  close: /Your code to CLOSE your account: (\d{6})/,
  reset: /Your code to reset your password: (\d{6})/,
};

export function owners(world: World) {
  async function logIn(person: Person): Promise<Owner> {
    const { tokens } = (await world.logIn(person)).body;
    return { ...person, token: tokens.accessToken, refreshToken: tokens.refreshToken };
  }

  const matches = (phone: string, text: RegExp): RegExpExecArray[] =>
    world.inbox
      .messages(phone)
      .map(({ body }) => text.exec(body))
      .filter((match) => match !== null);

  /** The newest SMS to a phone that matches the text; waits until there are more than `before`. */
  async function smsLike(phone: string, text: RegExp, before = 0): Promise<RegExpExecArray> {
    return waitUntil(() => {
      const found = matches(phone, text);
      return found.length > before ? found.at(-1) : undefined;
    }, `No SMS like ${text} came to the phone`);
  }

  /**
   * Answers a challenge with the code of its SMS.
   * @param before the number of earlier SMS like it
   */
  async function ticketOf(
    challenge: { id: string },
    phone: string,
    text: RegExp,
    before = 0,
  ): Promise<string> {
    const [, code] = await smsLike(phone, text, before);
    return (await world.post(`/challenges/${challenge.id}/verify`, { code })).body.ticket;
  }

  const act = (owner: Pick<Owner, 'token'>, path: string, body: unknown = {}) =>
    world.post(`/account/${path}`, body, { token: owner.token });

  /** Changes the phone up to the ticket. */
  async function phoneTicket(owner: Owner, phone: string): Promise<string> {
    const body = { phone, currentPassword: owner.password };
    const before = matches(phone, codeTexts.phone).length;
    const { challenge } = (await act(owner, 'phone', body)).body;
    return ticketOf(challenge, phone, codeTexts.phone, before);
  }

  /** Closes the account up to the ticket. */
  async function closingTicket(owner: Owner, phone = owner.phone): Promise<string> {
    const before = matches(phone, codeTexts.close).length;
    const { password: currentPassword } = owner;
    const { challenge } = (await act(owner, 'close', { currentPassword })).body;
    return ticketOf(challenge, phone, codeTexts.close, before);
  }

  return {
    logIn,
    smsLike,
    ticketOf,
    act,
    phoneTicket,
    closingTicket,
    /** A person with an account who is logged in. */
    owner: async (partial: Partial<Person> = {}) => logIn(await world.subscriber(partial)),
    changePassword: (owner: Owner, newPassword: string, currentPassword = owner.password) =>
      act(owner, 'password', { currentPassword, newPassword, confirmPassword: newPassword }),
    account: ({ token }: Pick<Owner, 'token'>) => world.get('/account', { token }),
    refresh: ({ refreshToken }: Pick<Owner, 'refreshToken'>) =>
      world.post('/sessions/refresh', { refreshToken }),
  };
}
