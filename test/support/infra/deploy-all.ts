import type { StackOutput, Template } from './synth.ts';

/** The templates of the deployed stacks, by name. */
export type Deployed = ReadonlyMap<string, Template>;

/**
 * Deploys stacks over deployed ones as `cdk deploy --all` does: one after the other, in their order. A stack that the app
 * no longer has stays as it is.
 * @param next in the order of their deployment
 * @returns what is deployed then, and what CloudFormation refuses: an import that nothing exports, an output that is not
 * there when it is read, and an export that is gone while another deployed stack imports it
 */
export function deployAll(deployed: Deployed, next: Deployed) {
  const state = new Map(deployed);
  const refusals: string[] = [];
  for (const [name, template] of next) {
    refusals.push(...unreadable(state, name, template), ...stillImported(state, name, template));
    state.set(name, template);
  }
  return { state, refusals };
}

/** Deletes one stack. @returns the exports of it that others import: CloudFormation keeps it then */
export function deleteStack(deployed: Deployed, name: string) {
  const refusals = stillImported(deployed, name, { Resources: {} });
  const state = new Map([...deployed].filter(([other]) => other !== name));
  return { state, refusals };
}

function unreadable(state: Deployed, name: string, template: Template): string[] {
  const exported = new Set([...state].flatMap(([, other]) => exportsOf(other)));
  return [
    ...importsOf(template)
      .filter((read) => !exported.has(read))
      .map((read) => `${name} imports ${read}, which nothing exports`),
    ...outputsReadBy(template)
      .filter(({ StackName, OutputName }) => !state.get(StackName)?.Outputs?.[OutputName])
      .map(({ StackName, OutputName }) => `${name} reads ${OutputName}, which ${StackName} lacks`),
  ];
}

function stillImported(state: Deployed, name: string, template: Template): string[] {
  const before = state.get(name);
  const kept = new Set(exportsOf(template));
  const gone = (before ? exportsOf(before) : []).filter((one) => !kept.has(one));
  const others = [...state].filter(([other]) => other !== name);
  return gone.flatMap((one) =>
    others
      .filter(([, other]) => importsOf(other).includes(one))
      .map(([other]) => `${name} drops ${one}, which ${other} imports`),
  );
}

const exportsOf = ({ Outputs = {} }: Template): string[] =>
  Object.values(Outputs).flatMap(({ Export }) => (Export ? [Export.Name] : []));

export const importsOf = (template: Template): string[] =>
  valuesOf<string>(template, 'Fn::ImportValue');

const outputsReadBy = (template: Template): StackOutput[] =>
  valuesOf<StackOutput>(template, 'Fn::GetStackOutput');

/** The arguments of an intrinsic function, wherever it stands. */
function valuesOf<Argument>(value: unknown, intrinsic: string): Argument[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === intrinsic ? [inner as Argument] : valuesOf<Argument>(inner, intrinsic),
  );
}
