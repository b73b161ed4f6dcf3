import ar from '../../i18n/ar/notices.ts';
import en from '../../i18n/en/notices.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('notices', { ar, en });
