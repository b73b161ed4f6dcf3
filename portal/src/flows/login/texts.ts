import ar from '../../i18n/ar/login.ts';
import en from '../../i18n/en/login.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('login', { ar, en });
