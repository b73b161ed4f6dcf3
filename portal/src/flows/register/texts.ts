import ar from '../../i18n/ar/register.ts';
import en from '../../i18n/en/register.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('register', { ar, en });
