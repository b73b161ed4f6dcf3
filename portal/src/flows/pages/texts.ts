import ar from '../../i18n/ar/pages.ts';
import en from '../../i18n/en/pages.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('pages', { ar, en });
