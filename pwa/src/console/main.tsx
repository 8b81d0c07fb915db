/** The console's composition root. */
import '../ui/tokens.css';
import '../ui/parts.css';
import '../ui/console.css';
import { render } from 'preact';
import { tc } from '../i18n/console';
import { setLanguage } from '../i18n/t';

async function open(): Promise<void> {
  await setLanguage(navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');
  render(<h1>{tc('console.name')}</h1>, document.body);
}

void open();
