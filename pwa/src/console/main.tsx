/** The console's composition root. */
import '../ui/tokens.css';
import '../ui/parts.css';
import '../ui/console.css';
import './styles/index.css';
import { render } from 'preact';
import '../i18n/console';
import { App } from './App';
import { followAddress } from './route';
import { loadPrefs } from './model/prefs';
import { loadSession, watchSession } from './model/session';

async function open(): Promise<void> {
  await loadPrefs();
  followAddress();
  watchSession();
  render(<App />, document.body);
  await loadSession();
}

void open();
