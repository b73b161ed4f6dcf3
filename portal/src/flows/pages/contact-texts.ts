import ar from '../../i18n/ar/contact.ts';
import en from '../../i18n/en/contact.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('contact', { ar, en });
