import type { Ports } from '#core/ports/index.ts';
import { sessionLimits } from '../fakes/builders.ts';
import { fakeClock } from '../fakes/clock.ts';
import { fakeDirectory } from '../fakes/directory.ts';
import { fakeRetryQueue } from '../fakes/retry-queue.ts';
import { fakeSmsGateway } from '../fakes/sms-gateway.ts';
import type { Stores } from '../world/stores.ts';
import type { Death } from './actions.ts';
import { addresses, keys, limits, seededEntropy, spending, termsVersion } from './fixtures.ts';
import { type Act, type History, isOf, type Law, type Op, type Subject } from './history.ts';
import { laws } from './laws.ts';
import { perform } from './perform.ts';
import { type Schedule, type StreamRecord, watchPorts } from './watched-ports.ts';

export type Simulation = ReturnType<typeof openSimulation>;

interface Call {
  readonly actor: string;
  readonly act: Act;
  readonly address?: string;
  readonly dies?: Death | undefined;
}

/** The system of one scenario, and what the model has seen of it. */
export function openSimulation(stores: Stores, schedule: Schedule) {
  const clock = fakeClock();
  const pool = fakeDirectory();
  const ports: Ports = {
    ...stores,
    clock,
    limits,
    reviewNumbers: [],
    termsVersion,
    directoryUsers: pool,
    directoryTokens: pool,
    sms: fakeSmsGateway(),
    retries: fakeRetryQueue(),
    entropy: seededEntropy(),
    ...keys.ports,
    portalHost: 'portal.example.gov.sa',
    spending,
    sessionLimits,
  };
  const history: History = { ops: [], limits };
  const subjects: Subject[] = [];
  const stream: StreamRecord[] = [];
  const violations: string[] = [];
  const inFlight = new Set<Op>();
  let order = 0;

  function begin({ actor, act, address = addresses[0] }: Call): Op {
    const now = clock();
    const op: Op = {
      actor,
      act,
      address,
      begin: order++,
      end: Number.POSITIVE_INFINITY,
      startedAt: now,
      endedAt: Number.POSITIVE_INFINITY,
      alone: inFlight.size === 0,
      answer: undefined,
      sms: [],
    };
    for (const other of inFlight) other.alone = false;
    inFlight.add(op);
    history.ops.push(op);
    return op;
  }

  function addSubject(start: Op, idHash: string, attempts: number): Subject {
    const purpose = isOf(start, 'register') ? 'registration' : 'password-reset';
    const code = keys.code(idHash, limits.codeLength);
    const tries = limits.attemptsPerChallenge - attempts;
    const subject: Subject = { number: subjects.length + 1, purpose, idHash, code, start, tries };
    subjects.push(subject);
    return subject;
  }

  let turn: Promise<unknown> = Promise.resolve();

  return {
    clock,
    history,
    subjects,
    stream,
    violations,
    schedule,

    /** Only one sender runs at a time: one function reads a shard of the stream. */
    inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
      const mine = turn.then(work);
      turn = mine;
      return mine;
    },

    /** Runs one call of a use case and checks its result against the laws. */
    async call(call: Call): Promise<Op> {
      const op = begin(call);
      const watched = watchPorts(ports, {
        op,
        dies: call.dies,
        schedule,
        next: () => order++,
        onSend: (record) => stream.push(record),
        onStart: ({ idHash, attempts }) => {
          op.stored = addSubject(op, idHash, attempts);
        },
      });
      Object.assign(op, await perform(watched, op));
      if (op.dead) op.answer = 'died';
      op.end = order++;
      op.endedAt = clock();
      inFlight.delete(op);
      const broken = laws.map((law: Law) => law(history, op)).find(Boolean);
      if (broken) violations.push(`${op.actor}’s call ${broken}`);
      return op;
    },
  };
}
