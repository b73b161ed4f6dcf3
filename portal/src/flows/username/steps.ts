import { paths } from '../../../paths.ts';
import { createDraft } from '../../state/draft.ts';
import { openFlow } from '../../state/flow.ts';

export type UsernameStep = { readonly step: 'ask' } | { readonly step: 'sent' };

export const flow = openFlow<UsernameStep>(paths.username, { step: 'ask' });

/** The national ID is kept here and nowhere else. */
export const draft = createDraft(
  { nationalId: '', phone: '' },
  { name: 'username', parts: ['phone'] },
);
