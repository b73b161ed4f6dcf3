import './texts.ts';
import { t } from '../../i18n/index.ts';
import { Page } from '../../ui/page.tsx';

/** In the place of a page that is not written yet. */
const Soon = () => <Page title={t('pages:soon.title')} lead={t('pages:soon.text')} />;
export default Soon;
