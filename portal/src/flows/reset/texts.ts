import ar from '../../i18n/ar/reset.ts';
import en from '../../i18n/en/reset.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('reset', { ar, en });
