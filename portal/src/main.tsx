import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import './theme/shell.css';
import './theme/controls/button.css';
import './theme/controls/loading.css';
import './theme/controls/field.css';
import './theme/controls/password-strength.css';
import './theme/controls/checkbox.css';
import './theme/controls/notice.css';
import './theme/controls/step-progress.css';
import './theme/controls/details.css';
import './theme/controls/list.css';
import './theme/controls/standalone-link.css';
import { render } from 'preact';
import { App } from './app.tsx';

const root = document.getElementById('portal');
if (root) render(<App />, root);
