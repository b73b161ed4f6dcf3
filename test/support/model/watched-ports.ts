import type { Ports } from '#core/ports/index.ts';
import type { Death } from './actions.ts';
import type { Op } from './history.ts';

/** Runs a call of a port now, or after other actors. */
export type Schedule = <Result>(label: string, call: () => Promise<Result>) => Promise<Result>;

/** A record of the table's stream for the sender: one send of a challenge. */
export interface StreamRecord {
  readonly idHash: string;
  readonly send: number;
}

export class Died extends Error {}

interface Watch {
  readonly op: Op;
  readonly dies: Death | undefined;
  readonly schedule: Schedule;
  /** Called when a send of a challenge was written. */
  readonly onSend: (record: StreamRecord) => void;
  readonly onStart: (started: { idHash: string; attempts: number }) => void;
  readonly next: () => number;
}

/** The ports of one call: scheduled, able to crash, and observed by the model. */
export function watchPorts(ports: Ports, watch: Watch): Ports {
  const { op, dies, schedule } = watch;
  let calls = 0;

  function wrap<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get(target, method) {
        const original: unknown = Reflect.get(target, method);
        if (typeof original !== 'function') return original;
        return async (...inputs: unknown[]) => {
          calls += 1;
          const mine = calls;
          if (op.dead || (dies?.call === mine && !dies.done)) throw died();
          const result: unknown = await schedule(`${op.actor} ${name}.${String(method)}`, () =>
            Reflect.apply(original, target, inputs),
          );
          observe(`${name}.${String(method)}`, inputs, result);
          if (dies?.call === mine) throw died();
          return result;
        };
      },
    });
  }

  /** Marks the call as crashed, however it handles this error. */
  function died(): Died {
    op.dead = true;
    return new Died();
  }

  function observe(call: string, inputs: unknown[], result: unknown): void {
    // biome-ignore lint/suspicious/noExplicitAny: inputs and results of every port
    const [input, answer] = [inputs[0], result] as any[];
    if (answer?.charge) op.refusedBy = answer.charge.ledger;
    if (answer?.kind === 'busy') op.busy = true;
    if (call === 'challenges.giveBack') {
      op.gaveBack = answer.kind === 'first' || answer.kind === 'further';
    }
    if (call === 'challenges.start' && answer.kind === 'started') {
      watch.onStart(input);
      if (input.outbox) watch.onSend({ idHash: input.idHash, send: input.outbox });
    }
    if (answer?.kind === 'claimed' && call === 'challenges.claimTicket') op.claimed = watch.next();
    if (call === 'challenges.releaseTicket') op.released = watch.next();
    if (call === 'challenges.send' && answer.kind === 'sent') {
      watch.onSend({ idHash: input.idHash, send: input.sends + 1 });
    }
    if (call === 'sms.send') {
      op.sms.push({ phone: input.phone, body: input.body });
    }
  }

  return {
    ...ports,
    challenges: wrap('challenges', ports.challenges),
    ledgers: wrap('ledgers', ports.ledgers),
    accounts: wrap('accounts', ports.accounts),
    directoryUsers: wrap('directoryUsers', ports.directoryUsers),
    spendings: wrap('spendings', ports.spendings),
    breakers: wrap('breakers', ports.breakers),
    retries: wrap('retries', ports.retries),
    sms: {
      *inOrder(sendNumber) {
        for (const route of ports.sms.inOrder(sendNumber)) yield wrap('sms', route);
      },
    },
  };
}
