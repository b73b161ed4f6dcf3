import ar from '../../i18n/ar/feedback.ts';
import en from '../../i18n/en/feedback.ts';
import { addTexts } from '../../i18n/index.ts';

addTexts('feedback', { ar, en });
