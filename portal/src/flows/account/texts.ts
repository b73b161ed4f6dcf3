import ar from '../../i18n/ar/account.ts';
import en from '../../i18n/en/account.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('account', { ar, en });
