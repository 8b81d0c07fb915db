/** The phone app's composition root: choices, texts, shell, then the screens. */
import './ui/tokens.css';
import './ui/parts.css';
import './ui/phone.css';
import { render } from 'preact';
import { App } from './screens/App';
import { keepShell } from './shell/update';
import { start } from './state/app';
import { loadPrefs } from './state/prefs';

async function open(): Promise<void> {
  await loadPrefs();
  render(<App />, document.body);
  await start();
  // without a secure address there is no worker; the readiness page says so
  await keepShell().catch(() => undefined);
}

void open();
