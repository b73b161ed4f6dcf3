import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import './theme/shell.css';
import './theme/controls.css';
import { render } from 'preact';
import { App } from './app.tsx';

const root = document.getElementById('portal');
if (root) render(<App />, root);
