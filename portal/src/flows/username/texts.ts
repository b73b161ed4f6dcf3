import ar from '../../i18n/ar/username.ts';
import en from '../../i18n/en/username.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('username', { ar, en });
