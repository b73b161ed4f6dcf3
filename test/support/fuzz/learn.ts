import { type Actor, actorOf } from './actors.ts';
import type { Pool } from './pool.ts';
import type { Case } from './request.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON of every shape
type Body = any;

/**
 * Adds the contents of an answer to the pool. What counts is the content, not the operation: later
 * requests use it.
 */
export function learn(pool: Pool, sent: Case, status: number, body: Body): void {
  const { facts, operation } = sent;
  // A challenge that took a wrong code may still take the right one.
  if (status === 400 && facts.challenge) restore(pool.challenges, facts.challenge);
  if (status === 401 && facts.actor) learnOfRefusal(pool, facts.actor, sent);
  if (status >= 400) return;
  if (body?.challenge) learnChallenge(pool, sent, body.challenge);
  if (body?.ticket) {
    const { purpose = '', phone, actor } = facts.challenge ?? facts.ticket ?? {};
    pool.tickets.push({ secret: body.ticket, purpose, phone, actor });
  }
  if (facts.ticket) pool.spent.push(facts.ticket.secret);
  if (operation?.id === 'completeRegistration') learnPerson(pool, sent);
  if (facts.actor) learnOfActor(facts.actor, sent, body);
  if (body?.enrolment) {
    const { enrolment: secret, secret: totpSecret } = body;
    pool.enrolments.push({ secret, totpSecret, purpose: '', actor: facts.actor });
  }
  if (operation?.id === 'completeClosing') forget(pool, facts.actor);
}

/** A token that failed to open its session will always fail. */
function learnOfRefusal(pool: Pool, actor: Actor, { headers, operation, facts }: Case): void {
  if (facts.ticket) restore(pool.tickets, facts.ticket);
  if (facts.enrolment) restore(pool.enrolments, facts.enrolment);
  const isSession = operation?.id === 'refreshSession' || operation?.id === 'revokeSession';
  const sentToken = actor.token && headers['authorization']?.endsWith(actor.token);
  if (isSession) actor.refreshTokens.pop();
  if (isSession || sentToken) actor.token = undefined;
}

function restore<T>(into: T[], one: T): void {
  if (!into.includes(one)) into.push(one);
}

function learnChallenge(pool: Pool, { facts, json }: Case, { id, purpose, sent }: Body): void {
  const known = pool.challenges.find((one) => one.id === id);
  if (known) {
    Object.assign(known, { sent, since: known.sent ? known.since : facts.at });
    return;
  }
  const typed = (json ?? {}) as { phone?: string; username?: string };
  const actor = purpose === 'registration' ? undefined : facts.actor;
  // Another person's name gets a challenge too, and no code ever arrives for it.
  const names = [undefined, actor?.username, actor?.nationalId];
  const theirs = names.includes(typed.username);
  const phone = internationalOf(typed.phone) ?? (theirs ? actor?.phone : undefined);
  pool.challenges.push({ id, purpose, actor, phone, sent, since: facts.at });
}

/** A typed phone in the form that the inbox uses. */
function internationalOf(typed: string | undefined): string | undefined {
  const digits = typed?.replace(/[٠-٩]/g, (digit) => String((digit.codePointAt(0) ?? 0) - 0x660));
  return digits?.replace(/\D/g, '').replace(/^(966|0)?(5\d{8})$/, '+966$2');
}

function learnPerson(pool: Pool, { facts, json }: Case): void {
  const { username, password, nationalId } = json as Actor;
  const phone = facts.ticket?.phone;
  if (phone) pool.people.push(actorOf({ username, password, nationalId, phone }));
}

function learnOfActor(actor: Actor, { operation, json, facts }: Case, body: Body): void {
  const { newPassword } = (json ?? {}) as { newPassword?: string };
  // A parallel request may have set another password. The wrong password is then a useful case as
  // well.
  if (newPassword) Object.assign(actor, { password: newPassword });
  const newPhone = facts.ticket?.phone;
  if (operation?.id === 'completePhoneChange' && newPhone)
    Object.assign(actor, { phone: newPhone });
  if (body?.tokens) {
    actor.token = body.tokens.accessToken;
    actor.idToken = body.tokens.idToken;
    if (body.tokens.refreshToken) actor.refreshTokens.push(body.tokens.refreshToken);
  }
  if (operation?.id === 'revokeSession') {
    actor.token = undefined;
    actor.refreshTokens.pop();
  }
  if (body?.device?.secret) actor.devices.push(body.device.secret);
  if (body?.sessions) {
    actor.sessions.splice(0, Infinity, ...body.sessions.map(({ id }: { id: string }) => id));
  }
  if (body?.recoveryCodes) {
    actor.recoveryCodes.splice(0, Infinity, ...body.recoveryCodes);
    actor.totpSecret = facts.enrolment?.totpSecret ?? actor.totpSecret;
  }
}

function forget(pool: Pool, actor: Actor | undefined): void {
  if (actor && pool.people.includes(actor)) pool.people.splice(pool.people.indexOf(actor), 1);
}
