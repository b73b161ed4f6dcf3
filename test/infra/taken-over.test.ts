import { describe, expect, it } from 'vitest';
import { statementsOfRole } from '../support/infra/iam-statements.ts';
import { functions, synthesise } from '../support/infra/synth.ts';
import { takeoverDocument } from '../support/takeover/document.ts';
import { outcomes } from '../support/takeover/outcomes.ts';
import { aggregator, stageWith } from '../support/world/stage-with-provider.ts';

const stage = synthesise(stageWith('qa', [{ kind: 'sns' }, aggregator()]));

describe('the table of a function in an attacker’s hands', () => {
  it('is the one in the documents', async () => {
    const rightsOf = (name: string) => statementsOfRole(stage, name.replaceAll('-', ''));
    // Written anew by `npx vitest run test/infra/taken-over.test.ts -u`.
    await expect(takeoverDocument(rightsOf)).toMatchFileSnapshot(
      '../../docs/taken-over-functions.md',
    );
  });

  it('lists every function', () => {
    const listed = Object.keys(outcomes).map((name) => name.replaceAll('-', ''));
    expect(listed.toSorted()).toEqual(Object.keys(functions(stage.api)).toSorted());
  });
});
