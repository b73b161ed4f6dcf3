import ar from '../../i18n/ar/idle.ts';
import en from '../../i18n/en/idle.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('idle', { ar, en });
