import { afterAll, describe, expect, it } from 'vitest';
import { type Resource, synthesiseAll } from '../support/infra/synth.ts';
import { wholeStage } from '../support/infra/whole-stage.ts';
import { fixtureBuild } from '../support/portal/portal-build.ts';

const { build, remove } = fixtureBuild();
afterAll(remove);

/**
 * Types whose names are unique in an AWS account, or in all of AWS, and not only in a region. CloudFormation makes up a
 * unique name where a template has none.
 */
const global = /^AWS::(CloudFront|IAM|S3|Route53|GlobalAccelerator|WAFv2)::/;
/** Names of a whole account that a resource of another type may have. */
const nameProperties = [
  'Name',
  'RoleName',
  'UserName',
  'GroupName',
  'ManagedPolicyName',
  'InstanceProfileName',
  'BucketName',
];
/** An inline policy's name is unique in its role. */
const inline = ['AWS::IAM::Policy'];

/** The name of a resource in a region, as CloudFormation resolves it. */
function nameIn(region: string, { Properties = {} }: Resource): string | undefined {
  const inner = Object.values(Properties).filter((value) => typeof value === 'object');
  const found = [Properties, ...inner].flatMap((holder) =>
    nameProperties.flatMap((name) => (holder as Record<string, unknown>)[name] ?? []),
  );
  if (found.length > 1) throw new Error(`More than one name: ${JSON.stringify(found)}`);
  return found[0] === undefined ? undefined : resolved(region, found[0]);
}

function resolved(region: string, name: unknown): string {
  if (typeof name === 'string') return name;
  const { Ref, 'Fn::Join': join } = name as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Ref === 'AWS::Region') return region;
  if (join) return join[1].map((part) => resolved(region, part)).join(join[0]);
  throw new Error(`A name that this test does not know: ${JSON.stringify(name)}`);
}

const all = [...synthesiseAll(wholeStage, build).values()].flatMap(({ Resources }) =>
  Object.entries(Resources),
);
const named = (region: string) =>
  all
    .filter(([, { Type }]) => global.test(Type) && !inline.includes(Type))
    .flatMap(([id, resource]) => {
      const name = nameIn(region, resource);
      return name === undefined ? [] : [{ id, type: resource.Type, name }];
    });

describe('a stage in a second region of the same AWS account', () => {
  const here = named('me-south-1');
  const there = named('ap-southeast-1');

  it('shares no name of the account with the first: each name has its region', () => {
    const kinds = [
      'AWS::CloudFront::CachePolicy',
      'AWS::CloudFront::Function',
      'AWS::CloudFront::OriginAccessControl',
      'AWS::CloudFront::OriginRequestPolicy',
      'AWS::CloudFront::ResponseHeadersPolicy',
    ];
    expect([...new Set(here.map(({ type }) => type))].toSorted()).toEqual(kinds);
    const names = [...here, ...there].map(({ type, name }) => `${type} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has names within CloudFront’s 64 characters, for the longest stage and region too', () => {
    const more = 16 - wholeStage.stage.length;
    for (const { name } of there) {
      expect(name).toMatch(/^[\w-]+$/);
      expect(name.length + more, name).toBeLessThanOrEqual(64);
    }
  });
});
