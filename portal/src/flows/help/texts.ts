import ar from '../../i18n/ar/help.ts';
import en from '../../i18n/en/help.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('help', { ar, en });
