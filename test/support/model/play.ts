import type { Stores } from '../world/stores.ts';
import { type Action, prelude, type Scene } from './actions.ts';
import { answerOf, describeActions } from './describe-actions.ts';
import { passwords, people } from './fixtures.ts';
import type { Act, Op, Subject } from './history.ts';
import { openSimulation, type Simulation } from './simulation.ts';
import type { Schedule } from './watched-ports.ts';

/** How often each kind of call got each answer, over all scenarios. */
export type Tally = Map<string, number>;

export interface Play {
  /** Stores whose calls may pause in the middle, at `pause`, as a broken store needs. */
  readonly open: (pause: () => Promise<void>) => Promise<Stores> | Stores;
  readonly schedule: Schedule;
  /** Runs all calls in flight to their end. */
  readonly settle: (work: Promise<void>) => Promise<void>;
  readonly tally?: Tally;
}

/** A scenario that breaks a law, in numbered lines up to that point. */
export class BrokenLaw extends Error {}

/**
 * Plays a scenario with the real use cases and checks every answer against the laws.
 * @throws BrokenLaw
 */
export async function play(scenario: readonly Scene[], { open, schedule, settle, tally }: Play) {
  const trace: string[] = [];
  const traced: Schedule = (label, call) =>
    schedule(label, () => {
      trace.push(label);
      return call();
    });
  const stores = await open(() => schedule('a pause', async () => undefined));
  const simulation = openSimulation(stores, traced);
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);

  await settle(playScene(prelude, () => undefined));
  simulation.clock.advance(24 * 3600);
  for (const scene of scenario) {
    if (scene.wait > 0) say(`${scene.wait} s pass`);
    simulation.clock.advance(scene.wait);
    trace.length = 0;
    const several = scene.lanes.length > 1;
    if (several) say('at the same time:');
    await settle(playScene(scene, (line) => say(several ? `  ${line}` : line)));
    if (several) say(`  in this order: ${trace.join(', ')}`);
    check();
  }
  for (const op of simulation.history.ops) count(op);

  async function playScene(scene: Scene, tell: (line: string) => void): Promise<void> {
    const { lanes, first, patient } = scene;
    const done = lanes.map(async (actions, index) => {
      const actor = people[(first + index) % people.length] ?? people[0];
      for (const action of actions) {
        if (simulation.violations.length > 0) return;
        const op = await doOne(simulation, actor, action, tell);
        if (patient && lanes.length === 1 && op) await askAgain(simulation, op, tell);
      }
    });
    await Promise.all(done);
  }

  function check(): void {
    if (simulation.violations.length === 0) return;
    let number = 0;
    const numbered = lines.map((line) =>
      line.startsWith(' ') ? `  ${line}` : `${++number}. ${line}`,
    );
    throw new BrokenLaw(
      [...numbered, ...simulation.violations.map((what) => `✗ ${what}`)].join('\n'),
    );
  }

  function count({ act, answer, delivery, gaveBack }: Op): void {
    const back = act.kind === 'credit' && gaveBack ? 'gave back' : undefined;
    const key = `${act.kind} ${delivery ?? back ?? answer}`;
    tally?.set(key, (tally.get(key) ?? 0) + 1);
  }
}

async function doOne(
  simulation: Simulation,
  actor: string,
  action: Action,
  tell: (line: string) => void,
) {
  if (action.kind === 'tick') {
    await simulation.schedule('a second passes', async () => simulation.clock.advance(1));
    tell('a second passes');
    return undefined;
  }
  const act = find(simulation, actor, action);
  if (!act) return undefined;
  const address = 'address' in action ? { address: action.address } : {};
  const isSender = act.kind === 'deliver' || act.kind === 'credit';
  const who = isSender ? 'the sender' : actor;
  const run = () => simulation.call({ actor: who, act, dies: action.dies, ...address });
  const op = await (act.kind === 'deliver' ? simulation.inTurn(run) : run());
  tell(`${who} ${describeActions(act)} → ${answerOf(op)}`);
  return op;
}

/** A caller who waits as told is not refused for the same reason afterwards. */
async function askAgain(
  { clock, call, violations }: Simulation,
  op: Op,
  tell: (line: string) => void,
) {
  // A locked challenge never opens again: it tells when the next one may be started.
  if (op.retryAfter === undefined || op.answer === 'challenge_locked') return;
  if (!Number.isInteger(op.retryAfter) || op.retryAfter < 1) {
    violations.push(`${op.actor} is told to wait ${op.retryAfter} s`);
  }
  clock.advance(op.retryAfter);
  const { actor, act, address } = op;
  const again = await call({ actor, act, address });
  tell(
    `${actor} waits ${op.retryAfter} s as told and ${describeActions(act)} → ${answerOf(again)}`,
  );
  const ledger = ({ refusedBy }: Op) => refusedBy && `${refusedBy.scope} ${refusedBy.tag}`;
  if (again.answer === op.answer && ledger(again) === ledger(op)) {
    violations.push(`${actor} waited as told and is refused again`);
  }
}

/** The call that an action stands for now; undefined when the action has no target. */
function find(simulation: Simulation, actor: string, action: Exclude<Action, { kind: 'tick' }>) {
  if (action.kind === 'register' || action.kind === 'reset') return action;
  const { subjects, stream } = simulation;
  if (action.kind === 'deliver') {
    const record = stream.at(-1 - action.back);
    const on = subjects.find(({ idHash }) => idHash === record?.idHash);
    return record && on ? ({ kind: 'deliver', on, send: record.send } satisfies Act) : undefined;
  }
  const { whose, back } = action.which;
  const told = subjects.filter(({ id, start }) => id && (whose === 'any' || start.actor === actor));
  const on = told.at(-1 - back);
  if (!on) return undefined;
  switch (action.kind) {
    case 'send':
      return { kind: 'send', on } satisfies Act;
    case 'credit':
      return { kind: 'credit', on } satisfies Act;
    case 'verify':
      return { kind: 'verify', on, code: typed(subjects, on, action.code) } satisfies Act;
    case 'open':
      return { ...action, on } satisfies Act;
    case 'renew':
      return { ...action, on, password: passwords[action.password] } satisfies Act;
  }
}

function typed(subjects: Subject[], { code }: Subject, which: 'right' | 'wrong' | 'another') {
  if (which === 'right') return code;
  const another = subjects.find((subject) => subject.code !== code);
  if (which === 'another' && another) return another.code;
  return String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
}
